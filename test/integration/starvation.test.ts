import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ask, type Client, connect } from '../harness/client.ts';
import { visit } from '../harness/crowd.ts';
import { describeWith } from '../harness/describe-with.ts';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import { statusOf } from '../harness/processes.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import { attachStrace } from '../harness/strace.ts';
import { openDescriptors } from './open-descriptors.ts';

const user = isRoot ? { user: 'nobody' } : {};
const listen = 'tcp://127.0.0.1:0';
const HELD = 5;
const INJECTED_MS = 1500;
/** Of a core (B5). */
const MOST_CPU = 0.05;
/** A second is the promise; the machine of a test run may be busy. */
const AGAIN_MS = 3000;
const TICKS_PER_SECOND = 100;

async function start(): Promise<{ zinetd: Zinetd; clients: readonly Client[] }> {
  const services = {
    echo: { listen, server: handler('echo'), ...user },
    other: { listen, server: handler('raw'), ...user },
  };
  const zinetd = await startZinetd({ config: { services } });
  const clients: Client[] = [];
  for (let count = 0; count < HELD; count++) {
    const client = await connect(zinetd.port('echo'));
    client.send('before ');
    await client.readUntil('before ');
    await zinetd.event('started');
    clients.push(client);
  }
  return { zinetd, clients };
}

async function finish(clients: readonly Client[]): Promise<void> {
  for (const client of clients) {
    client.send('after');
    client.halfClose();
    expect(await client.readAll()).toBe('before after');
  }
}

/** CPU time of a process so far. */
function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_PER_SECOND;
}

function limitDescriptors(pid: number, soft: number): void {
  // As the one whose process it is: root in a container may not.
  const [uid] = (statusOf(pid, 'Uid') ?? '').split('\t');
  const [gid] = (statusOf(pid, 'Gid') ?? '').split('\t');
  const identity = [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups'];
  execFileSync('setpriv', [...identity, 'prlimit', '--pid', String(pid), `--nofile=${soft}:`]);
}

/** A limit is one of numbers: what is above it stays open, and nothing below it is free. */
function lowestFree(pid: number): number {
  const taken = new Set(openDescriptors(pid).map(({ fd }) => fd));
  let fd = 0;
  while (taken.has(fd)) fd++;
  return fd;
}

function dispatcherOf(zinetd: Zinetd): number {
  const pid = zinetd.dispatcherPid;
  if (pid === undefined) throw new Error('There is no dispatcher');
  return pid;
}

/** While the machine says no, a client waits; the daemon rests, and tells of it once. */
async function starve(
  zinetd: Zinetd,
  options: { readonly reason: string; readonly clear: () => Promise<void> },
) {
  const dispatcher = dispatcherOf(zinetd);
  const records = zinetd.log.all.length;
  const waiting = visit(zinetd.port('echo'), 'waited');
  const otherWaiting = visit(zinetd.port('other'));
  expect(await zinetd.event('paused')).toMatchObject({ level: 'warning', reason: options.reason });
  const before = { cpuMs: cpuMs(dispatcher), ms: performance.now() };
  // No event to wait for: what is measured is how little happens.
  await new Promise((done) => setTimeout(done, INJECTED_MS));
  const wallMs = performance.now() - before.ms;
  const share = (cpuMs(dispatcher) - before.cpuMs) / wallMs;
  const told = zinetd.log.all.slice(records);
  const clearedMs = performance.now();
  await options.clear();
  expect(await waiting).toMatchObject({ code: undefined, received: 'waited' });
  expect(await otherWaiting).toMatchObject({ code: undefined, received: 'ok\n' });
  const againMs = performance.now() - clearedMs;
  console.info(
    `${options.reason}: ${(share * 100).toFixed(1)} % CPU, served again after ${againMs.toFixed(0)} ms`,
  );
  expect(share).toBeLessThan(MOST_CPU);
  // One a service and second at most.
  expect(told.length).toBeLessThanOrEqual(2 * Math.ceil(wallMs / 1000));
  expect(againMs).toBeLessThan(AGAIN_MS);
  await zinetd.event('resumed');
}

describeWith('a dispatcher without descriptors', { needs: ['root', { program: 'prlimit' }] }, () => {
  test('rests, tells of it, loses nobody, and serves again (S74, B5)', async () => {
    const { zinetd, clients } = await start();
    const dispatcher = dispatcherOf(zinetd);
    const usual = Number(
      /^Max open files\s+(\d+)/m.exec(readFileSync(`/proc/${dispatcher}/limits`, 'utf8'))?.[1],
    );
    limitDescriptors(dispatcher, lowestFree(dispatcher));
    await starve(zinetd, {
      reason: 'EMFILE',
      clear: async () => limitDescriptors(dispatcher, usual),
    });
    await finish(clients);
  });
});

describeWith('accept(2) that fails', { needs: ['root', { program: 'strace' }] }, () => {
  test.each(['ENFILE', 'ENOBUFS', 'ENOMEM', 'ECONNABORTED', 'EPERM'])(
    'with %s costs no CPU, no client and one record a second at most (S75, B5)',
    async (code) => {
      const { zinetd, clients } = await start();
      // In its place a call that the dispatcher's filter allows: -1, which strace would use, ends the process.
      const inject = `inject=accept4:error=${code}:syscall=getpid`;
      const strace = await attachStrace(dispatcherOf(zinetd), ['-f', '-e', 'trace=accept4', '-e', inject]);
      await starve(zinetd, {
        // A whole batch of aborted connections in a row is taken for a fault that lasts.
        reason: code === 'EPERM' ? 'ECONNABORTED' : code,
        clear: async () => {
          await strace.detach();
        },
      });
      await finish(clients);
    },
    60_000,
  );
});

describe('instances', () => {
  test('are what may run at once: one more is refused, until one ends (promise 5, promise 7)', async () => {
    const limits = { instances: HELD, per_source: 'UNLIMITED' };
    const services = { echo: { listen, server: handler('echo'), ...limits, ...user } };
    const zinetd = await startZinetd({ config: { services } });
    const port = zinetd.port('echo');
    const clients: Client[] = [];
    for (let count = 0; count < HELD; count++) {
      const client = await connect(port);
      client.send('before ');
      await client.readUntil('before ');
      clients.push(client);
    }
    expect(await ask(port, 'one too many')).toBe('');
    const refused = await zinetd.event('refused');
    expect(refused).toMatchObject({ service: 'echo', reason: 'service_limit', check: { name: 'instances' } });
    await finish(clients.slice(0, 1));
    await zinetd.event('exited');
    expect(await ask(port, 'in its place')).toBe('in its place');
    await finish(clients.slice(1));
  });
});

describeWith('the queue of a listener', { needs: [{ program: 'ss' }] }, () => {
  const most = Math.min(4096, Number(readFileSync('/proc/sys/net/core/somaxconn', 'utf8')));

  test.each([
    ['as long as the kernel allows, up to 4,096', {}, most],
    ['as long as the configuration says', { backlog: 7 }, 7],
  ])('is %s (S82)', async (_title, more, wanted) => {
    const services = { echo: { listen, server: handler('echo'), ...more, ...user } };
    const zinetd = await startZinetd({ config: { services } });
    const filter = `sport = :${zinetd.port('echo')}`;
    const [, , queue] = execFileSync('ss', ['-Hltn', filter], { encoding: 'utf8' }).trim().split(/\s+/);
    expect(Number(queue)).toBe(wanted);
  });
});
