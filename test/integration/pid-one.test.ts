import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Client, connect } from '../harness/client.ts';
import { contained } from '../harness/contained.ts';
import { describeWith } from '../harness/describe-with.ts';
import { handler } from '../harness/handler.ts';
import { layer } from '../harness/layer.ts';
import { childrenOf, commandLineOf, isZombie, statusOf } from '../harness/processes.ts';
import { type StartOptions, startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import { until } from '../harness/until.ts';

/** Nobody has ever heard of this one. */
const STRANGER = { name: 'none', uid: 41_234, gid: 41_234 };
const ORPHANS = 10;
const CLIENTS = 10;
/** A second is the promise; the machine of a test run may be busy. */
const REAPED_MS = 3000;

const listen = 'tcp://127.0.0.1:0';

const SERVICES = {
  forker: { listen, server: handler('double-fork'), server_args: [String(ORPHANS)] },
  daemons: { listen, server: handler('double-fork'), server_args: [String(ORPHANS), 'stay'] },
  echo: { listen, server: handler('echo') },
  deaf: { listen, server: handler('sleeper'), server_args: ['15'] },
};

/** Everything but the kernel and the programs may be missing. */
const WAYS: readonly { readonly title: string; readonly options: StartOptions }[] = [
  { title: 'as root', options: { ...contained({ bare: false }), config: config({ user: 'nobody' }) } },
  {
    title:
      'as a uid without a name, without capabilities, on a root that is read-only, without /etc/services',
    options: {
      ...contained({ bare: true }),
      ...{ as: STRANGER, powerless: true, stateless: true, config: config({}) },
    },
  },
  {
    title: 'as root without capabilities, on a root that is read-only, without /etc/services',
    options: {
      ...contained({ bare: true }),
      ...{ powerless: true, stateless: true, config: config({ user: 'root', group: 0 }) },
    },
  },
];

function config(defaults: Readonly<Record<string, unknown>>): NonNullable<StartOptions['config']> {
  return { defaults: { per_source: 'UNLIMITED', ...defaults }, services: SERVICES };
}

/** zinetd, and the pid that PID 1 of its namespace has here. */
async function startInit(options: StartOptions): Promise<{ readonly zinetd: Zinetd; readonly init: number }> {
  const zinetd = await startZinetd({ ...options, lossy: true, expectFailure: true });
  const init = await initOf(zinetd);
  await zinetd.event('ready');
  expect(readFileSync(`/proc/${init}/status`, 'utf8')).toMatch(/^NSpid:\t\d+\t1$/m);
  return { zinetd, init };
}

async function initOf(zinetd: Zinetd): Promise<number> {
  const init = await until(() => childrenOf(zinetd.pid)[0], { what: 'PID 1 is there' });
  // One that a test leaves would be looked for by what finishes the test.
  onTestFinished(() => {
    if (statusOf(init, 'State') !== undefined) process.kill(init, 'SIGKILL');
  });
  return init;
}

async function connectTo(zinetd: Zinetd, service: keyof typeof SERVICES): Promise<Client> {
  const client = await connect(zinetd.port(service));
  await client.readUntil('\n');
  return client;
}

function othersOf(init: number): readonly number[] {
  return childrenOf(init).filter((pid) => !commandLineOf(pid).includes('--dispatcher'));
}

describeWith('PID 1', { needs: ['root', { program: 'unshare' }, { program: 'setpriv' }] }, () => {
  describe.each(WAYS)('$title', ({ options }) => {
    test('leaves no zombie of handlers that fork twice, and stops on TERM with 0 (S85, S91)', async () => {
      const { zinetd, init } = await startInit({ ...options, args: ['--grace', '500ms'] });
      const clients = Array.from({ length: CLIENTS }, async () => {
        const client = await connect(zinetd.port('forker'));
        expect(await client.readAll()).toBe(`${ORPHANS}\n`);
      });
      await Promise.all(clients);
      const reaped = () => othersOf(init).length === 0;
      await until(reaped, { what: 'every orphan is reaped', timeoutMs: REAPED_MS });
      expect(await (await connect(zinetd.port('daemons'))).readAll()).toBe(`${ORPHANS}\n`);
      const settled = () => othersOf(init).length === ORPHANS / 2;
      await until(settled, { what: 'the orphans that stay are all that is left', timeoutMs: REAPED_MS });
      expect(othersOf(init).filter(isZombie)).toEqual([]);
      await connectTo(zinetd, 'deaf');
      process.kill(init, 'SIGTERM');
      expect(await zinetd.ended).toBe(0);
      expect(zinetd.log.all.at(-1)).toMatchObject({ event: 'stopped', killed: 1 });
    });
  });

  test('has no capability, and the dispatcher its sandbox, where nothing is given to it', async () => {
    const { zinetd, init } = await startInit({ ...WAYS[1]?.options });
    const [dispatcher = 0] = childrenOf(init);
    for (const pid of [init, dispatcher]) {
      const state = ['Uid', 'CapEff', 'CapBnd', 'NoNewPrivs'].map((field) => statusOf(pid, field));
      expect(state).toEqual([
        Array(4).fill(STRANGER.uid).join('\t'),
        ...['0000000000000000', '0000000000000000', '1'],
      ]);
    }
    expect(statusOf(dispatcher, 'Seccomp')).toBe('2');
    expect(zinetd.stderr).not.toContain('error');
    process.kill(init, 'SIGTERM');
    expect(await zinetd.ended).toBe(0);
  });

  test('obeys INT as TERM, and HUP with a reload', async () => {
    const { zinetd, init } = await startInit({ ...WAYS[0]?.options, args: ['--grace', '30s'] });
    const client = await connect(zinetd.port('echo'));
    client.send('before ');
    await client.readUntil('before ');
    process.kill(init, 'SIGHUP');
    await zinetd.event('reloaded');
    process.kill(init, 'SIGINT');
    await zinetd.event('stopping');
    client.send('after');
    client.halfClose();
    expect(await client.readAll()).toBe('before after');
    expect(await zinetd.ended).toBe(0);
  });
});

describeWith('the exit status of PID 1', { needs: ['root', { program: 'unshare' }] }, () => {
  const start = (options: StartOptions) =>
    startZinetd({ ...contained({ bare: false }), ...options, expectFailure: true });
  const echo = { listen, server: handler('echo'), user: 'nobody' };

  test('is 1 for a configuration with a mistake, which standard error explains', async () => {
    const zinetd = await start({ config: { services: { echo: { ...echo, instance: 1 } } } });
    expect(await zinetd.ended).toBe(1);
    expect(zinetd.stderr).toContain('error[config/unknown-key]: Cannot use "instance"');
  });

  test('is 2 for a command line with a mistake', async () => {
    const zinetd = await start({ config: { services: { echo } }, args: ['--grace', 'soon'] });
    expect(await zinetd.ended).toBe(2);
    expect(zinetd.stderr).toContain('Cannot use "soon" for --grace');
  });

  test('is 3 where the only address is taken', async () => {
    const { zinetd: first, init } = await startInit({ ...WAYS[0]?.options });
    const taken = { ...echo, listen: `tcp://127.0.0.1:${first.port('echo')}` };
    const zinetd = await start({ config: { services: { taken } } });
    expect(await zinetd.ended).toBe(3);
    process.kill(init, 'SIGTERM');
    expect(await first.ended).toBe(0);
  });

  test('is 0 after a TERM that comes before there is a spawner', async () => {
    const early = 'setInterval(() => process.listenerCount("SIGTERM") && process.kill(1, "SIGTERM"), 1);\n';
    const path = join(layer({ '/early.cjs': early }), 'early.cjs');
    const env = { NODE_OPTIONS: `--require=${path}` };
    const zinetd = await start({ config: { services: { echo } }, env });
    const serves = zinetd.log.next('ready').then(() => 'it serves');
    serves.catch(() => {});
    expect(await Promise.race([zinetd.ended, serves])).toBe(0);
    expect(zinetd.log.all).toEqual([]);
  });

  test('is 1 as root without capabilities where a service names another user (S24)', async () => {
    const zinetd = await start({ config: { services: { echo } }, powerless: true, stateless: true });
    expect(await zinetd.ended).toBe(1);
    expect(zinetd.stderr).toContain('error[config/powerless-root]: Cannot run service "echo" as "nobody"');
  });
});
