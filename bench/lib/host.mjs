import { execFileSync } from 'node:child_process';
import { cpus, release } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { busyUs } from './busy.mjs';

const LOOK_MS = 1_000;

/**
 * How busy the machine is with other work, from 0 to 1: looked at while we do nothing ourselves.
 *
 * @returns {Promise<number>}
 */
export async function foreignShare() {
  const before = busyUs();
  await delay(LOOK_MS);
  const { busy, all } = busyUs(before);
  return busy / all;
}

/**
 * One line about the machine.
 *
 * @param {number} share of other work
 */
export function describeHost(share) {
  const machine = `Linux ${release()}, ${cpus().length} CPUs (${cpus()[0]?.model.trim()}), Node ${process.version}`;
  return `${machine}, ${Math.round(share * 100)} % busy with other work before the start`;
}

/**
 * Who handlers run as: nobody where we may choose, else ourselves.
 *
 * @returns {{name: string, uid: number, gid: number} | undefined}
 */
export function handlerUser() {
  if (process.getuid?.() !== 0) return undefined;
  const id = (/** @type {string} */ flag) =>
    Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
  return { name: 'nobody', uid: id('-u'), gid: id('-g') };
}
