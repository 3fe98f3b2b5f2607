import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { constants } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Command } from '../../src/compile/boot.ts';
import { pack } from '../../src/compile/pack.ts';
import { policyOf } from '../../src/compile/policy.ts';
import { encodeTable } from '../../src/compile/table.ts';
import type { Endpoint } from '../../src/model/address.ts';
import type { Outlet } from '../../src/model/outlet.ts';
import type { Listener, Program, Service } from '../../src/model/service.ts';
import { socketOption } from '../../src/model/socket-option.ts';
import { serviceRules } from '../admission/example-policy.ts';
import { configOf, plain } from '../compile/example.ts';
import { scratch } from '../harness/scratch.ts';
import { until } from '../harness/until.ts';
import { runSpawner } from './run-spawner.ts';

const { errno } = constants;

const sleeper: Service = {
  ...plain,
  name: 'sleeper',
  rules: serviceRules({ instances: { soft: 2, hard: 2, dropPercent: 100 } }),
  listeners: plain.listeners.map((listener) => ({
    ...listener,
    address: { ...(listener.address as Endpoint), port: 0 },
  })),
  programs: plain.programs.flatMap((program) => {
    const cat: Program = { ...program, path: '/bin/cat', argv: ['cat'], peerEnv: ['ucspi', 'cgi'] };
    const sleep = { ...cat, path: '/bin/sleep', argv: ['sleep', '1000'] };
    return [cat, { ...cat, isRelayed: true }, { ...sleep, isRelayed: true, listenName: 'pool' }];
  }),
};

/** One whose socket handlers get, and one whose sockets become their peers'. */
const udp = plain.listeners.map((listener): Listener => {
  const address = { ...(listener.address as Endpoint), port: 0 };
  return { ...listener, scheme: 'udp', address, options: [socketOption('reusePort', true)] };
});
const waiting: Service = { ...sleeper, name: 'waiting', isWaiting: true, listeners: udp };
const peers: Service = { ...sleeper, name: 'peers', listeners: udp };
const outlets: readonly Outlet[] = [
  { kind: 'file', path: join(scratch('outlets'), 'log'), mode: 0o640 },
  { kind: 'socket', scheme: 'unix', address: { family: 'path', path: join(scratch('outlets'), 'nobody') } },
];
const config = configOf([sleeper, { ...sleeper, name: 'other' }, waiting, peers], { outlets });

interface Line {
  readonly case: string;
  readonly answer: string;
  readonly error: number;
  readonly port?: number;
  readonly other?: number;
  readonly blocking?: boolean;
  readonly sent?: number;
  readonly outcomes?: number;
}

const CAP_STEP = 2;

/** Reloads that come of two seconds of asking: ten a second at the most (S122). */
const MOST_OUTCOMES = 21;

/** A compiler that takes next to no time, so that nothing but the spawner bounds how often it runs. */
function swiftCompiler(): Command {
  const directory = scratch('compiler');
  const [table, policy] = [join(directory, 'table'), join(directory, 'policy')];
  writeFileSync(table, encodeTable(config));
  writeFileSync(policy, pack(policyOf(config)));
  const script = 'cat "$1" >&3; cat "$2" >&4';
  return { path: '/bin/sh', argv: ['sh', '-c', script, 'sh', table, policy], env: [] };
}

/** What each thing that a taken-over dispatcher tries comes to; all that is not listed is EBADF. */
const EXPECTED: readonly [RegExp, string, number][] = [
  [/^size/, 'refused', errno.EINVAL],
  [/^type/, 'refused', errno.ENOSYS],
  [/^generation/, 'refused', errno.ESTALE],
  [/^(reserved|no descriptor|two descriptors|253 descriptors)$/, 'refused', errno.EINVAL],
  [/^values/, 'refused', errno.EINVAL],
  [/with a descriptor$/, 'refused', errno.EINVAL],
  [/^(reload|upgrade|sign of life) (with|while)/, 'refused', errno.EINVAL],
  [/of generation/, 'refused', errno.ESTALE],
  [/^(commit|abort) (of nothing|with)/, 'refused', errno.EINVAL],
  [/^(reload|dry reload, by an id|flood)$/, 'reload', 0],
  [/^upgrade$/, 'upgrade', errno.EINVAL],
  [/out of range$/, 'refused', errno.ENOENT],
  [/^signal \d/, 'refused', errno.EINVAL],
  [/^open of (a row|an open listener for)/, 'refused', errno.EINVAL],
  [/^open (of an open listener|a shared one without)/, 'listener', 0],
  [/^open with a descriptor/, 'refused', errno.EINVAL],
  [/^open for broadcast/, 'listener', errno.EACCES],
  [/^open for a family/, 'listener', errno.EAFNOSUPPORT],
  [/^open for a peer/, 'listener', 0],
  [/^(slot|stop it by another serial|stop it again)/, 'refused', errno.ESRCH],
  [/^drained/, 'refused', errno.EINVAL],
  [/^good outlet that leads nowhere/, 'outlet', errno.ENOENT],
  [/^good outlet$/, 'outlet', 0],
  [/^(good|second|good relayed|good pooled|good wait) launch/, 'launched', 0],
  [/^over the cap$/, 'failed', errno.EAGAIN],
  [/^stop it$/, 'exited', 0],
  [/./, 'refused', errno.EBADF],
];

function descriptors(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}

describe('the spawner, when its dispatcher has gone bad', () => {
  test('refuses whatever is off, leaks nothing, reloads no more than ten times a second, and goes on serving (promise 1, S7, S98, S122)', async () => {
    const run = runSpawner({
      config,
      dispatcher: ['/usr/bin/python3', 'bad-dispatcher.py'],
      boot: { compiler: swiftCompiler() },
    });
    const pid = run.process.pid ?? 0;
    const clients: ReturnType<typeof connect>[] = [];
    const seen: Line[] = [];
    let before = 0;
    for await (const text of run.lines) {
      const line = JSON.parse(text) as Line;
      if (line.case === 'serving') {
        before = descriptors(pid);
        for (const port of [line.port, line.port, line.port, line.port, line.other]) {
          clients.push(connect(port ?? 0, '127.0.0.1').on('error', () => {}));
        }
      } else if (line.case === 'end') {
        expect(descriptors(pid)).toBe(before);
        run.process.kill('SIGTERM');
      } else seen.push(line);
    }
    expect(await run.exited).toBe(0);
    expect(seen.length).toBeGreaterThan(55);
    for (const line of seen) {
      const [, answer, error] = EXPECTED.find(([pattern]) => pattern.test(line.case)) ?? [];
      expect(line, line.case).toMatchObject({ case: line.case, answer, error });
      if (line.case === 'over the cap') expect(line).toMatchObject({ step: CAP_STEP });
    }
    const { sent, outcomes } = seen.find((line) => line.case === 'flood') ?? {};
    expect(sent).toBeGreaterThan(100 * MOST_OUTCOMES);
    expect(outcomes).toBeGreaterThan(0);
    expect(outcomes).toBeLessThanOrEqual(MOST_OUTCOMES);
    for (const client of clients) client.destroy();
  });
});

/** Once a process has it, a stop signal has taken effect. */
function isStopped(pid: number): boolean {
  return /\) T /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
}

/** What the handler behind /bin/cat gives back of one byte; empty if the connection is closed before. */
function echo(port: number): { readonly send: () => void; readonly answer: Promise<string> } {
  const client = connect(port, '127.0.0.1');
  const answer = new Promise<string>((done) => {
    client.on('error', () => {}).on('close', () => done(''));
    client.on('data', (bytes) => {
      done(bytes.toString());
      client.destroy();
    });
  });
  return { send: () => client.write('x'), answer };
}

describe('the spawner, when its dispatcher dies without having read an answer', () => {
  test('still starts the handlers that it had asked for, and hands over listeners that do not block (promise 7, S16, S129)', async () => {
    const run = runSpawner({ config, dispatcher: ['/usr/bin/python3', 'dying-dispatcher.py'] });
    const pid = run.process.pid ?? 0;
    const clients: ReturnType<typeof echo>[] = [];
    for await (const text of run.lines) {
      const line = JSON.parse(text) as Line;
      if (line.case === 'serving') clients.push(echo(line.port ?? 0), echo(line.port ?? 0));
      if (line.case === 'stop') {
        run.process.kill('SIGSTOP');
        await until(() => isStopped(pid), { what: 'the spawner is stopped' });
        for (const client of clients) client.send();
      }
      if (line.case === 'gone') run.process.kill('SIGCONT');
      if (line.case === 'next') {
        expect(line.blocking).toBe(false);
        break;
      }
    }
    expect(await Promise.all(clients.map(({ answer }) => answer))).toEqual(['x', 'x']);
    run.process.kill('SIGTERM');
    expect(await run.exited).toBe(0);
  });
});
