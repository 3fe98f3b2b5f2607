import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ask, connect } from '../harness/client.ts';
import { describeWith } from '../harness/describe-with.ts';
import { handler } from '../harness/handler.ts';
import { isRoot, unprivilegedUser } from '../harness/identity.ts';
import { statusOf } from '../harness/processes.ts';
import { runProgram } from '../harness/run-program.ts';
import { scratch } from '../harness/scratch.ts';
import { stateDirectory } from '../harness/state-directory.ts';
import { startText } from '../harness/text-daemon.ts';

const user = isRoot ? { user: 'nobody' } : {};
const MAIN = `${process.cwd()}/dist/main.js`;

function zinetd(...args: string[]) {
  const state = args[0] === 'run' ? ['--state-dir', stateDirectory()] : [];
  return runProgram([process.execPath, MAIN, ...args, ...state]);
}

function configFile(services: Readonly<Record<string, unknown>>): string {
  const path = join(scratch('config'), 'zinetd.yaml');
  writeFileSync(path, JSON.stringify({ version: 1, services }), { mode: 0o644 });
  return path;
}

/** A port of loopback on which somebody else listens. */
async function takenPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => {
    server.close();
  });
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

const LISTENS = /INFO: (\S+) listens on tcp:\/\/127\.0\.0\.1:(\d+)$/;
const serveCat = ['serve', 'tcp://127.0.0.1:0', '--', 'cat'];

describe('zinetd serve', () => {
  test('serves a program of the PATH, tells the port, and as root runs it as nobody', async () => {
    const daemon = startText(['serve', 'tcp://127.0.0.1:0', '--', 'sh', '-c', 'id -u; exec cat']);
    const [, name, port] = await daemon.line(LISTENS);
    expect(name).toBe('sh');
    const nobody = (await runProgram(['id', '-u', 'nobody'])).stdout;
    const uid = isRoot ? nobody : `${process.getuid?.()}\n`;
    expect(await ask(Number(port), 'hello\n')).toBe(`${uid}hello\n`);
    await daemon.line(/EXIT: sh /);
    expect(await daemon.stop()).toBe(0);
  });

  test('wants a program: exit code 2 without, and with one that is not on the PATH', async () => {
    const without = await zinetd('serve', 'tcp://127.0.0.1:0');
    expect(without).toMatchObject({ status: 2, stdout: '' });
    expect(without.stderr).toContain('zinetd: Cannot serve without a program: write it behind "--"\n');
    const unknown = await zinetd('serve', 'tcp://127.0.0.1:0', '--', 'no-such-program');
    expect(unknown).toMatchObject({ status: 2, stdout: '' });
    expect(unknown.stderr).toContain('zinetd: Cannot find "no-such-program" on the PATH\n');
  });
});

describeWith('zinetd serve without root', { needs: ['an unprivileged user'] }, () => {
  test('serves as the caller', async () => {
    const as = unprivilegedUser();
    const daemon = startText(serveCat, { as: isRoot ? as : undefined });
    const [, , port] = await daemon.line(LISTENS);
    expect(await ask(Number(port), 'hello\n')).toBe('hello\n');
    expect(statusOf(daemon.pid, 'Uid')?.split('\t')[1]).toBe(String(as?.uid));
    await daemon.line(/EXIT: cat status=0 /);
    expect(await daemon.stop()).toBe(0);
  });
});

describe('zinetd run', () => {
  test('prints what check prints for an invalid configuration, and ends with 1 (promise 4, promise 8)', async () => {
    const path = configFile({
      echo: { listen: 'tcp://127.0.0.1:0', server: '/bin/cat', instance: 3, ...user },
    });
    const checked = await zinetd('check', '-c', path);
    const ran = await zinetd('run', '-c', path);
    expect(checked.status).toBe(1);
    expect(checked.stderr).toContain('error[config/unknown-key]');
    expect(ran).toEqual(checked);
  });

  test('names the address and the reason when nothing can be opened, and ends with 3', async () => {
    const port = await takenPort();
    const listen = `tcp://127.0.0.1:${port}`;
    const ran = await zinetd('run', '-c', configFile({ echo: { listen, server: '/bin/cat', ...user } }));
    expect(ran.status).toBe(3);
    expect(ran.stdout).toMatch(new RegExp(`ERROR: Cannot listen on ${listen} for echo: EADDRINUSE$`, 'm'));
  });

  test('serves what could be opened when another address is taken (promise 8)', async () => {
    const taken = `tcp://127.0.0.1:${await takenPort()}`;
    const services = {
      taken: { listen: taken, server: '/bin/cat', ...user },
      free: { listen: 'tcp://127.0.0.1:0', server: '/bin/cat', ...user },
    };
    const daemon = startText(['run', '-c', configFile(services)]);
    await daemon.line(
      new RegExp(`ERROR: Cannot listen on ${taken} for taken: EADDRINUSE, tried again in 1s$`),
    );
    const [, name, port] = await daemon.line(LISTENS);
    expect(name).toBe('free');
    expect(await ask(Number(port), 'hello\n')).toBe('hello\n');
    expect(await daemon.stop()).toBe(0);
  });

  test('refuses a time that is none with 2', async () => {
    const path = configFile({ echo: { listen: 'tcp://127.0.0.1:0', server: '/bin/cat', ...user } });
    const ran = await zinetd('run', '-c', path, '--grace', 'nonsense');
    expect(ran).toMatchObject({ status: 2, stdout: '' });
    expect(ran.stderr).toContain('Cannot use "nonsense" for --grace: write a time such as "10s"\n');
    const longer = await zinetd('run', '-c', path, '--grace', '3000000s');
    expect(longer).toMatchObject({ stderr: expect.stringContaining('24 days at the most') });
  });

  test('goes on after HUP, and says that it has read the configuration again (promise 8)', async () => {
    const path = configFile({ echo: { listen: 'tcp://127.0.0.1:0', server: '/bin/cat', ...user } });
    const daemon = startText(['run', '-c', path]);
    const [, , port] = await daemon.line(LISTENS);
    daemon.signal('SIGHUP');
    await daemon.line(/: Reloaded the configuration of 1 service$/);
    expect(await ask(Number(port), 'hello\n')).toBe('hello\n');
    expect(await daemon.stop()).toBe(0);
  });

  test("logs in the shapes of xinetd's records as text (promise 7)", async () => {
    const one = { instances: 1, per_source: 'UNLIMITED' };
    const services = {
      echo: { listen: 'tcp://127.0.0.1:0', server: handler('echo'), ...one, ...user },
      three: { listen: 'tcp://127.0.0.1:0', server: handler('exit-status'), server_args: ['3'], ...user },
      killed: { listen: 'tcp://127.0.0.1:0', server: handler('kill-group'), ...user },
    };
    const daemon = startText(['run', '-c', configFile(services)]);
    const portOf = async (name: string) => {
      const [, port] = await daemon.line(new RegExp(`: ${name} listens on tcp://127\\.0\\.0\\.1:(\\d+)$`));
      return Number(port);
    };
    const date = String.raw`^\d\d/\d{1,2}/\d{1,2}@\d\d:\d\d:\d\d: `;
    await ask(await portOf('three'));
    const [, pid] = await daemon.line(new RegExp(`${date}START: three pid=(\\d+) from=127\\.0\\.0\\.1$`));
    await daemon.line(new RegExp(`${date}EXIT: three status=3 pid=${pid} duration=0\\(sec\\)$`));
    const holder = await connect(await portOf('echo'));
    holder.send('held');
    await holder.readUntil('held');
    expect(await ask(await portOf('echo'))).toBe('');
    await daemon.line(new RegExp(`${date}FAIL: echo service_limit from=127\\.0\\.0\\.1$`));
    holder.halfClose();
    await ask(await portOf('killed'));
    await daemon.line(new RegExp(`${date}EXIT: killed signal=15 pid=\\d+ duration=0\\(sec\\)$`));
  });
});
