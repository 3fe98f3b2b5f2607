import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Place } from './open-place.ts';
import { childrenOf } from './processes.ts';
import { scratch } from './scratch.ts';
import { until } from './until.ts';

/**
 * ZINETD_TEST_INETD names another inetd to run instead of zinetd, by its path and options: a test of real daemons
 * that fails with both is wrong itself.
 */
export const STAND_IN: readonly string[] | undefined = process.env['ZINETD_TEST_INETD']?.split(' ');

/** Whether it sleeps in poll(2) or one of its kind, which it does once all of its sockets are open. */
function isWaiting(child: ChildProcess): boolean {
  return /poll|select/.test(readFileSync(`/proc/${child.pid}/wchan`, 'utf8'));
}

/** It does not end its handlers: they go first, since nobody can tell later which they were. */
async function stop(child: ChildProcess): Promise<void> {
  const ended = new Promise<void>((done) => child.once('close', () => done()));
  const handlers = childrenOf(child.pid ?? 0);
  child.kill('SIGSTOP');
  for (const pid of handlers) process.kill(pid, 'SIGKILL');
  child.kill('SIGKILL');
  await ended;
}

/** Starts such an inetd for the test that calls it, and waits until it serves; its pid. */
export async function startStandIn(
  command: readonly string[],
  options: { readonly inetdConf: string; readonly place: Place },
): Promise<number> {
  const path = join(scratch('stand-in'), 'inetd.conf');
  writeFileSync(path, options.inetdConf);
  const [program = '', ...args] = [...options.place.enter, ...command, path];
  const child = spawn(program, args, { cwd: '/', stdio: 'ignore' });
  onTestFinished(() => stop(child));
  await until(() => isWaiting(child), { what: `${command[0]} serves` });
  return child.pid ?? 0;
}
