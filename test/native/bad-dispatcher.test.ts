import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { constants } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { TAKEN_OVER_MESSAGES } from '../../scripts/notes/taken-over-messages.ts';
import type { Command } from '../../src/compile/boot.ts';
import { pack } from '../../src/compile/pack.ts';
import { policyOf } from '../../src/compile/policy.ts';
import { encodeTable } from '../../src/compile/table.ts';
import type { Endpoint } from '../../src/model/address.ts';
import type { Config } from '../../src/model/config.ts';
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
const desk: Service = {
  ...{ ...plain, name: 'control', desk: 'control', programs: [] },
  listeners: plain.listeners.map((it) => ({
    ...{
      ...it,
      scheme: 'unix',
      address: { family: 'path', path: join(scratch('desk'), 'control') },
      options: [],
    },
    owner: { mode: 0o600, uid: undefined, gid: undefined },
  })),
};
const config = configOf([sleeper, { ...sleeper, name: 'other' }, waiting, peers], { outlets });
const withDesk: Config = { ...config, desks: [desk] };

interface Line {
  readonly case: string;
  readonly answer: string;
  readonly error: number;
  readonly port?: number;
  readonly other?: number;
  readonly blocking?: boolean;
  readonly sent?: number;
  readonly outcomes?: number;
  /** How many answers of each type there were. */
  readonly seen?: Readonly<Record<string, number>>;
  readonly isWhole?: boolean;
}

/** Cases that have many requests each. */
const AT_LARGE = ['anything', 'a flood that reads no answer'];

const CAP_STEP = 2;

/** Reloads that come of two seconds of asking: ten a second at the most (S122). */
const MOST_OUTCOMES = 21;

/** A compiler that takes next to no time, so that nothing but the spawner bounds how often it runs. */
function swiftCompiler(): Command {
  const directory = scratch('compiler');
  const [table, policy] = [join(directory, 'table'), join(directory, 'policy')];
  writeFileSync(table, encodeTable(withDesk));
  writeFileSync(policy, pack(policyOf(withDesk)));
  const script = 'cat "$1" >&3; cat "$2" >&4';
  return { path: '/bin/sh', argv: ['sh', '-c', script, 'sh', table, policy], env: [] };
}

/** How much of anything it is to have asked, at the least. */
const OF_ANYTHING = 6000;

/** What each thing that a taken-over dispatcher tries comes to. */
function expectedOf({ case: name }: Line): object {
  const row = TAKEN_OVER_MESSAGES.find(({ cases }) => cases.test(name));
  const error = row?.error === undefined ? 0 : errno[row.error as keyof typeof errno];
  return { case: name, answer: row?.answer, error };
}

function descriptors(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}

describe('the spawner, when its dispatcher has gone bad', () => {
  test('refuses whatever is off, leaks nothing, reloads no more than ten times a second, and goes on serving (promise 1, S7, S98, S122)', async () => {
    const run = runSpawner({
      config: withDesk,
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
        expect(before, run.stderr).toBe(0);
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
    const [anything, unread] = seen.filter(({ case: name }) => AT_LARGE.includes(name));
    const tried = seen.filter(({ case: name }) => !AT_LARGE.includes(name));
    expect(tried.length).toBeGreaterThan(200);
    for (const line of tried) {
      expect(line, line.case).toMatchObject(expectedOf(line));
      if (line.case === 'over the cap') expect(line).toMatchObject({ step: CAP_STEP });
    }
    const met = new Set(
      tried.map(({ case: name }) => TAKEN_OVER_MESSAGES.find(({ cases }) => cases.test(name))),
    );
    expect(met.size).toBe(TAKEN_OVER_MESSAGES.length);
    expect(anything?.sent).toBeGreaterThan(OF_ANYTHING);
    expect(Object.keys(anything?.seen ?? {}).sort()).toEqual([
      'listener',
      'outlet',
      'refused',
      'reload',
      'upgrade',
    ]);
    expect(unread).toMatchObject({ isWhole: true });
    const { sent, outcomes } = seen.find((line) => line.case === 'flood') ?? {};
    expect(sent).toBeGreaterThan(100 * MOST_OUTCOMES);
    expect(outcomes).toBeGreaterThan(0);
    expect(outcomes).toBeLessThanOrEqual(MOST_OUTCOMES);
    for (const client of clients) client.destroy();
  }, 60_000);
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
