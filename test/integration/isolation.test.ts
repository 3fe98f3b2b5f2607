import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ask } from '../harness/client.ts';
import { describeWith } from '../harness/describe-with.ts';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import { commandLineOf } from '../harness/processes.ts';
import { type Ran, runProgram } from '../harness/run-program.ts';
import { scratch } from '../harness/scratch.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import { stateDirectory } from '../harness/state-directory.ts';
import { until } from '../harness/until.ts';
import { hostileStart } from './hostile-start.ts';
import { isListeningOn } from './listening-on.ts';
import { openDescriptors } from './open-descriptors.ts';

const { EADDRINUSE } = constants.errno;
const INSPECTOR_PORT = 9229;
const NOBODY = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--'];
const user = isRoot ? { user: 'nobody' } : {};

function serve(server: string): Promise<Zinetd> {
  const it = { listen: 'tcp://127.0.0.1:0', server: handler(server), ...user };
  return startZinetd({ config: { services: { it } } });
}

/** Runs `zinetd run` that must end by itself, with one service of these attributes. */
function runRefused(
  attributes: Readonly<Record<string, unknown>>,
  options: {
    readonly prefix?: readonly string[];
    readonly flags?: readonly string[];
    readonly env?: Readonly<Record<string, string>>;
  } = {},
): Promise<Ran> {
  const path = join(scratch('refused'), 'zinetd.json');
  const it = { listen: 'tcp://127.0.0.1:0', server: handler('echo'), ...attributes };
  writeFileSync(path, JSON.stringify({ version: 1, services: { it } }));
  const node = [process.execPath, ...(options.flags ?? []), join(process.cwd(), 'dist/main.js')];
  const args = ['run', '-c', path, '--log-format', 'json', '--state-dir', stateDirectory()];
  const argv = [...(options.prefix ?? []), ...node, ...args];
  return runProgram(argv, options.env ? { env: options.env } : {});
}

describe('a handler', () => {
  test('that signals its process group does not reach zinetd (S32)', async () => {
    // One that may signal zinetd; and zinetd alone is in the group that it must not reach.
    const it = {
      listen: 'tcp://127.0.0.1:0',
      server: handler('kill-group'),
      ...(isRoot ? { user: 'root' } : {}),
    };
    const zinetd = await startZinetd({ config: { services: { it } }, prefix: ['setsid'] });
    for (let time = 0; time < 3; time++) {
      expect(await ask(zinetd.port('it'))).toBe('');
      expect(await zinetd.event('exited')).toMatchObject({ signal: constants.signals.SIGTERM });
    }
    expect(zinetd.log.count('stopping')).toBe(0);
    expect(zinetd.log.count('dispatcher-restarted')).toBe(0);
  });
});

describeWith('the processes of zinetd', { needs: ['root'] }, () => {
  const FIELDS = ['Uid', 'Gid', 'Groups', 'CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb', 'NoNewPrivs'];
  const NONE = '0000000000000000';

  test('have no io_uring; handlers of mode inetd, whose contract is the classic one, may make one (S38)', async () => {
    const zinetd = await serve('io-uring');
    for (const pid of [zinetd.pid, zinetd.dispatcherPid ?? 0]) {
      const rings = openDescriptors(pid).filter(({ target }) => target.includes('io_uring'));
      expect(rings).toEqual([]);
    }
    const { stdout } = await runProgram([...NOBODY, handler('io-uring')]);
    expect(await ask(zinetd.port('it'))).toBe(stdout);
  });

  test('the dispatcher: every thread has the same identity, no capability and both filters (S39)', async () => {
    const zinetd = await serve('echo');
    const { dispatcherPid = 0 } = zinetd;
    const tasks = readdirSync(`/proc/${dispatcherPid}/task`).map((task) => {
      const text = readFileSync(`/proc/${dispatcherPid}/task/${task}/status`, 'utf8');
      const fields = [...FIELDS, 'Seccomp', 'Seccomp_filters'];
      return fields.map((field) => [
        field,
        new RegExp(`^${field}:[ \\t]*(.*)$`, 'm').exec(text)?.[1]?.trim(),
      ]);
    });
    expect(tasks.length).toBeGreaterThan(1);
    const inherited = Number(
      /^Seccomp_filters:\s*(\d+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1],
    );
    const [first] = tasks;
    for (const task of tasks) expect(task).toEqual(first);
    const facts = Object.fromEntries(first ?? []);
    expect(facts).toMatchObject({ CapInh: NONE, CapPrm: NONE, CapEff: NONE, CapBnd: NONE, CapAmb: NONE });
    expect(facts).toMatchObject({ Groups: '', NoNewPrivs: '1', Seccomp: '2' });
    expect(Number(facts['Seccomp_filters'])).toBe(inherited + 2);
    expect(new Set(facts['Uid']?.split('\t')).size).toBe(1);
    expect(facts['Uid']?.startsWith('0\t')).toBe(false);
  });

  test('have nothing of the environment that zinetd was started with (S132)', async () => {
    const it = { listen: 'tcp://127.0.0.1:0', server: handler('echo'), ...user };
    const zinetd = await startZinetd({ ...hostileStart().options, config: { services: { it } } });
    const environ = (pid: number) => readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').filter(Boolean);
    expect(environ(zinetd.pid)).toEqual([]);
    const names = environ(zinetd.dispatcherPid ?? 0).map((entry) => entry.split('=')[0]);
    expect(names).toEqual(['TZ', 'OPENSSL_CONF']);
    expect(environ(zinetd.dispatcherPid ?? 0).join()).not.toMatch(/shadow|nonexistent/);
  });
});

describe('the program', () => {
  test('names its interpreter by path, so that PATH chooses none (S132)', () => {
    expect(readFileSync('dist/main.js', 'utf8').split('\n')[0]).toBe('#!/usr/bin/node');
  });
});

describeWith('another uid', { needs: ['root'] }, () => {
  const LISTENS = ['0.0.0.0', '127.0.0.1', '[::]', '[::1]'];
  const FLAGS = [[], ['reuseaddr'], ['reuseport'], ['reuseaddr', 'reuseport']];

  /** Addresses that would take connections away from a listener on `host`. */
  function rivalsOf(host: string): readonly string[] {
    return host.startsWith('[') ? ['::1', '::'] : ['127.0.0.1', '0.0.0.0', '127.0.0.2'];
  }

  /** 127.0.0.2 is another address where only 127.0.0.1 is listened on. */
  function overlaps(host: string, rival: string): boolean {
    return !(host === '127.0.0.1' && rival === '127.0.0.2');
  }

  test.each(LISTENS)(
    'cannot listen on the port of a service on %s, nor more specifically, whatever its flags (S126)',
    async (host) => {
      const it = { listen: `tcp://${host}:0`, server: handler('echo'), ...user };
      const zinetd = await startZinetd({ config: { services: { it } } });
      const port = String(zinetd.port('it'));
      const rivals = rivalsOf(host).filter((rival) => overlaps(host, rival));
      const attempts = rivals.flatMap((rival) => FLAGS.map((flags) => [rival, port, ...flags]));
      const ran = await Promise.all(
        attempts.map((it) => runProgram([...NOBODY, handler('steal-port'), ...it])),
      );
      const results = attempts.map((attempt, at) => [attempt.join(' '), ran[at]?.status]);
      expect(results).toEqual(attempts.map((attempt) => [attempt.join(' '), EADDRINUSE]));
    },
  );
});

describe('SIGUSR1', () => {
  const DELAYS_MS = [0, 1, 5, 20, 40, 500];

  /** How long somebody listened on the inspector's port, looked at every millisecond. */
  function watchInspector(): () => number {
    let seenMs = 0;
    const timer = setInterval(() => {
      if (isListeningOn(INSPECTOR_PORT)) seenMs++;
    }, 1);
    onTestFinished(() => clearInterval(timer));
    return () => seenMs;
  }

  test('does not open the inspector of the dispatcher, nor end it (S131)', async () => {
    const zinetd = await serve('echo');
    const { dispatcherPid = 0 } = zinetd;
    const seenMs = watchInspector();
    for (let time = 0; time < 20; time++) {
      process.kill(dispatcherPid, 'SIGUSR1');
      expect(await ask(zinetd.port('it'), 'hello')).toBe('hello');
    }
    await setTimeout(DELAYS_MS.at(-1));
    expect(seenMs()).toBe(0);
    expect(zinetd.dispatcherPid).toBe(dispatcherPid);
  });

  test.each(DELAYS_MS)(
    'to a dispatcher that started %i ms ago opens nothing, and zinetd serves (S131)',
    async (delayMs) => {
      const seenMs = watchInspector();
      const it = { listen: 'tcp://127.0.0.1:0', server: handler('echo'), ...user };
      const zinetd = await startZinetd({ config: { services: { it } }, expectFailure: true });
      const pid = await until(() => zinetd.dispatcherPid, { what: 'a dispatcher starts' });
      await setTimeout(delayMs);
      process.kill(pid, 'SIGUSR1');
      await zinetd.serving();
      expect(await ask(zinetd.port('it'), 'hello')).toBe('hello');
      expect(seenMs()).toBe(0);
    },
  );

  test.each(DELAYS_MS)(
    'to a zinetd that started %i ms ago leaves no inspector, and zinetd serves (S131)',
    async (delayMs) => {
      const it = { listen: 'tcp://127.0.0.1:0', server: handler('echo'), ...user };
      // What leads to Node ignores and blocks it; a shell that does not would end.
      const zinetd = await startZinetd({
        config: { services: { it } },
        prefix: [handler('deaf-parent')],
        expectFailure: true,
        uncounted: 'it tells its state for the signals of the test as well',
      });
      const isNode = () => commandLineOf(zinetd.pid)[0] === process.execPath;
      await until(isNode, { what: 'Node starts' });
      await setTimeout(delayMs);
      zinetd.signal('SIGUSR1');
      await zinetd.serving();
      // Before any code of ours runs, Node may have opened it: the exec of the spawner is its end at the latest.
      const seenMs = watchInspector();
      zinetd.signal('SIGUSR1');
      expect(await ask(zinetd.port('it'), 'hello')).toBe('hello');
      expect(seenMs()).toBe(0);
    },
  );
});

describe('an inspector', () => {
  test.each([
    { flags: ['--inspect=0'] },
    { flags: ['--inspect-port=0', '--inspect=127.0.0.1:0'] },
    { env: { NODE_OPTIONS: '--inspect=0' } },
    { env: { NODE_OPTIONS: '--no-warnings --inspect=0' } },
  ])('is a reason not to start: $flags $env (S133)', async (how) => {
    const ran = await runRefused(user, how);
    expect(ran).toMatchObject({ status: 2, stdout: '' });
    expect(ran.stderr).toContain('zinetd: Cannot start under an inspector: Node was given "--inspect');
  });
});

describeWith('a service without a user that is certain', { needs: ['root'] }, () => {
  test.each([
    { attributes: {}, reason: '"user" is missing' },
    { attributes: { user: 0 }, reason: 'root by another name' },
    { attributes: { user: '0' }, reason: 'root by another name' },
  ])('is refused: $attributes (S145)', async ({ attributes, reason }) => {
    const ran = await runRefused(attributes);
    expect(ran).toMatchObject({ status: 1, stdout: '' });
    expect(ran.stderr).toContain(reason);
  });
});

describeWith('a user database that cannot be read', { needs: ['root', { program: 'strace' }] }, () => {
  const SOURCES = ['files', 'files systemd'];

  /** With the name service of a small system, in which errors are told, and of one that goes on to the next source. */
  function withoutPasswd(sources: string): readonly string[] {
    const directory = scratch('passwd');
    const conf = join(directory, 'nsswitch.conf');
    writeFileSync(conf, `passwd: ${sources}\ngroup: ${sources}\n`);
    const mount = `mount --bind ${conf} /etc/nsswitch.conf && exec "$@"`;
    const inject = ['-e', 'trace=openat', '-P', '/etc/passwd', '-e', 'inject=openat:error=EIO'];
    return ['unshare', '--mount', 'sh', '-c', mount, 'sh', 'strace', '-f', '-o', '/dev/null', ...inject];
  }

  test.each(SOURCES)(
    'is a reason not to start, rather than to run as somebody else; sources: %s (S25)',
    async (sources) => {
      const ran = await runRefused({ user: 'daemon' }, { prefix: withoutPasswd(sources) });
      expect(ran.stdout).toBe('');
      expect(ran.stderr).toMatch(/Cannot (look up|find) user/);
      expect([1, 3]).toContain(ran.status);
    },
  );
});
