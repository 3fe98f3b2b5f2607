import { copyFileSync, readdirSync, readlinkSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { Client } from '../../harness/client.ts';
import { handler } from '../../harness/handler.ts';
import { openPlace } from '../../harness/open-place.ts';
import { scratch } from '../../harness/scratch.ts';
import { startInetd, type Way } from '../../harness/start-inetd.ts';
import { until } from '../../harness/until.ts';

interface Paths {
  readonly socket: string;
  /** Sends back what it gets, and ends once its client says that there is no more. */
  readonly program: string;
}

/** The names of the cases: at most two at a time, by fields or by keys. */
export type Syntax = 'max2_pos' | 'max2_kv';

const SYNTAXES: Readonly<Record<Syntax, (paths: Paths) => string>> = {
  max2_pos: ({ socket, program }) => `${socket} stream,2 unix nowait root ${program} run\n`,
  max2_kv: ({ socket, program }) => {
    const kind = 'socktype = stream, protocol = unix, accept_max = 2, wait = no';
    return `${socket} on\n\t${kind},\n\tuser = root, exec = ${program}, args = run;\n`;
  },
};

/** How long one who has to wait is watched, as in t_accept_max.sh of NetBSD's tests/usr.sbin/inetd. */
const WATCHED_MS = 1_000;

/** 0, 1, 2, 2, 2 and 0 handlers. */
const LOOKS = 6;

function executableOf(pid: string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/exe`);
  } catch {
    return undefined;
  }
}

function countRunning(program: string): number {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name) && executableOf(name) === program).length;
}

async function expectRunning(program: string, count: number): Promise<void> {
  const isThere = () => countRunning(program) === count;
  await until(isThere, { what: `${count} handlers run, not ${countRunning(program)}` });
}

/** A client that has sent its number. */
async function knock(socket: string, number: number): Promise<Client> {
  const connection = createConnection({ path: socket, allowHalfOpen: true });
  await new Promise<void>((resolve, reject) => {
    connection.once('connect', resolve);
    connection.once('error', reject);
  });
  onTestFinished(() => {
    connection.destroy();
  });
  const client = new Client(connection);
  client.send(`${number}\n`);
  return client;
}

async function leave(client: Client): Promise<void> {
  client.halfClose();
  expect(await client.ended()).toBe('end');
}

async function playScenario({ socket, program }: Paths): Promise<void> {
  expect(countRunning(program)).toBe(0);
  const first = await knock(socket, 1);
  expect(await first.readUntil('\n')).toBe('1\n');
  await expectRunning(program, 1);
  const second = await knock(socket, 2);
  expect(await second.readUntil('\n')).toBe('2\n');
  await expectRunning(program, 2);
  const third = await knock(socket, 3);
  const answer = third.readUntil('\n');
  const silence = new Promise((resolve) => setTimeout(resolve, WATCHED_MS, 'none'));
  expect(await Promise.race([answer, silence])).toBe('none');
  await expectRunning(program, 2);
  await leave(first);
  expect(await answer).toBe('3\n');
  await expectRunning(program, 2);
  await Promise.all([second, third].map(leave));
  await expectRunning(program, 0);
}

/** The scenario of t_accept_max.sh in one syntax; tells how often it looked how many handlers run. */
export async function playAcceptMax(way: Way, syntax: Syntax): Promise<number> {
  const directory = scratch('accept-max');
  const paths = { socket: join(directory, 'sock'), program: join(directory, 'run') };
  copyFileSync(handler('echo'), paths.program);
  const place = await openPlace({ over: [] });
  const inetdConf = SYNTAXES[syntax](paths);
  await startInetd({ way, inetdConf, dialect: 'netbsd', place });
  await playScenario(paths);
  return LOOKS;
}
