import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type Client, connect } from '../harness/client.ts';
import { describeWith } from '../harness/describe-with.ts';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import { childrenOf, commandLineOf, isZombie, statusOf } from '../harness/processes.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import { until } from '../harness/until.ts';

const user = isRoot ? { user: 'nobody' } : {};
const listen = 'tcp://127.0.0.1:0';

function start(args: readonly string[]): Promise<Zinetd> {
  const services = {
    echo: { listen, server: handler('echo') },
    sleeper: { listen, server: handler('sleeper') },
    deaf: { listen, server: handler('sleeper'), server_args: ['15'] },
  };
  return startZinetd({ config: { defaults: user, services }, args });
}

/** A client whose handler runs: it has said its pid. */
async function connectTo(zinetd: Zinetd, service: string): Promise<Client> {
  const client = await connect(zinetd.port(service));
  await client.readUntil('\n');
  return client;
}

/** How the handler of a service ended. */
async function endOf(zinetd: Zinetd, service: string) {
  const {
    status,
    signal,
    duration_ms: durationMs,
  } = await zinetd.event((record) => record.event === 'exited' && record.service === service);
  return { status, signal, durationMs: durationMs ?? 0 };
}

async function isRefused(port: number): Promise<boolean> {
  const error: NodeJS.ErrnoException | undefined = await connect(port).then(
    () => undefined,
    (reason) => reason,
  );
  return error?.code === 'ECONNREFUSED';
}

describe.each(['SIGTERM', 'SIGINT'] as const)('%s', (signal) => {
  test('refuses new clients, and lets handlers finish what they do (promise 7)', async () => {
    const zinetd = await start(['--grace', '30s']);
    const client = await connect(zinetd.port('echo'));
    client.send('before ');
    await client.readUntil('before ');
    zinetd.signal(signal);
    expect(await zinetd.event('stopping')).toMatchObject({ running: 1 });
    // Its own copy of the listeners is closed before it tells; the spawner's was closed before that.
    expect(await isRefused(zinetd.port('echo'))).toBe(true);
    expect(await isRefused(zinetd.port('sleeper'))).toBe(true);
    client.send('after');
    client.halfClose();
    expect(await client.readAll()).toBe('before after');
    expect(await zinetd.ended).toBe(0);
    expect(await endOf(zinetd, 'echo')).toMatchObject({ status: 0 });
    expect(zinetd.log.all.at(-1)).toMatchObject({ event: 'stopped', killed: 0 });
  });

  test('ends at once where nothing runs', async () => {
    const zinetd = await start(['--grace', '30s']);
    zinetd.signal(signal);
    expect(await zinetd.ended).toBe(0);
    expect(zinetd.log.all.at(-1)).toMatchObject({ event: 'stopped', killed: 0 });
  });
});

describe('the end of the grace period', () => {
  test('is a TERM for handlers that stay, and a KILL for those that ignore it (promise 7)', async () => {
    const zinetd = await start(['--grace', '300ms']);
    const clients = [await connectTo(zinetd, 'sleeper'), await connectTo(zinetd, 'deaf')];
    const asked = performance.now();
    zinetd.signal('SIGTERM');
    expect(await endOf(zinetd, 'sleeper')).toMatchObject({ signal: 15 });
    const termMs = performance.now() - asked;
    expect(await endOf(zinetd, 'deaf')).toMatchObject({ signal: 9 });
    const killMs = performance.now() - asked;
    expect(await zinetd.ended).toBe(0);
    expect(termMs).toBeGreaterThanOrEqual(299);
    expect(killMs).toBeGreaterThanOrEqual(1299);
    expect(killMs).toBeLessThan(8000);
    expect(zinetd.log.all.at(-1)).toMatchObject({ event: 'stopped', killed: 2 });
    for (const client of clients) expect(await client.ended()).toBe('end');
  });

  test('comes at once with a second TERM, and the KILL with a third (promise 7)', async () => {
    const zinetd = await start(['--grace', '1h']);
    await connectTo(zinetd, 'sleeper');
    await connectTo(zinetd, 'deaf');
    zinetd.signal('SIGTERM');
    await zinetd.event('stopping');
    zinetd.signal('SIGTERM');
    expect(await endOf(zinetd, 'sleeper')).toMatchObject({ signal: 15 });
    zinetd.signal('SIGINT');
    expect(await endOf(zinetd, 'deaf')).toMatchObject({ signal: 9 });
    expect(await zinetd.ended).toBe(0);
  });
});

/** What compiles the configuration, while it does. */
function compilerOf(pid: number): number | undefined {
  return childrenOf(pid).find((child) => commandLineOf(child).includes('--compiler'));
}

describe('TERM while the configuration is compiled', () => {
  test('ends with 0, and leaves no process behind', async () => {
    const config = { services: { echo: { listen, server: handler('echo'), ...user } } };
    const zinetd = await startZinetd({ config, expectFailure: true });
    const compiler = await until(() => compilerOf(zinetd.pid), { what: 'the compiler runs' });
    zinetd.signal('SIGTERM');
    expect(await zinetd.ended).toBe(0);
    expect(zinetd.log.all).toEqual([]);
    await until(() => statusOf(compiler, 'State') === undefined, { what: 'the compiler is gone' });
  });
});

describe('a spawner that is killed', () => {
  test('takes the dispatcher with it, while handlers finish', async () => {
    const config = { services: { echo: { listen, server: handler('echo'), ...user } } };
    const zinetd = await startZinetd({ config, lossy: true });
    const client = await connect(zinetd.port('echo'));
    client.send('before ');
    await client.readUntil('before ');
    const dispatcher = zinetd.dispatcherPid ?? 0;
    zinetd.signal('SIGKILL');
    await zinetd.event('spawner-gone');
    expect(await zinetd.ended).toBe('SIGKILL');
    const isGone = () => [undefined, 'Z (zombie)'].includes(statusOf(dispatcher, 'State'));
    await until(isGone, { what: 'the dispatcher is gone' });
    expect(await isRefused(zinetd.port('echo'))).toBe(true);
    client.send('after');
    client.halfClose();
    expect(await client.readAll()).toBe('before after');
  });
});

describeWith('zinetd as PID 1', { needs: ['root', { program: 'unshare' }] }, () => {
  test('reaps orphans, and stops on TERM with 0 (S91, B1)', async () => {
    const services = { orphan: { listen, server: handler('orphan-maker'), ...user } };
    const prefix = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc', '--'];
    const zinetd = await startZinetd({ config: { services }, prefix, lossy: true, expectFailure: true });
    await zinetd.event('ready');
    const [init = 0] = childrenOf(zinetd.pid);
    expect(readFileSync(`/proc/${init}/status`, 'utf8')).toMatch(/^NSpid:\t\d+\t1$/m);
    const client = await connect(zinetd.port('orphan'));
    await client.readUntil('\n');
    const orphans = await until(() => orphansOf(init), { what: 'the orphan has come to zinetd' });
    client.send('\n');
    await client.ended();
    await zinetd.event('exited');
    await until(() => orphans.every((pid) => statusOf(pid, 'State') === undefined), {
      what: 'orphans are reaped',
    });
    expect(childrenOf(init).filter(isZombie)).toEqual([]);
    process.kill(init, 'SIGTERM');
    expect(await zinetd.ended).toBe(0);
    expect(zinetd.log.all.at(-1)).toMatchObject({ event: 'stopped' });
  });
});

/** Children of zinetd that are neither the dispatcher nor the handler itself, which leads its session. */
function orphansOf(pid: number): readonly number[] | undefined {
  const others = childrenOf(pid).filter((child) => !commandLineOf(child).includes('--dispatcher'));
  const orphans = others.filter(
    (child) => statusOf(child, 'NSsid')?.split('\t').at(-1) !== statusOf(child, 'NSpid')?.split('\t').at(-1),
  );
  return orphans.length > 0 ? orphans : undefined;
}
