import { once } from 'node:events';
import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { checkBars, checkConservation } from './global-bars.ts';
import { LogRecords } from './log-records.ts';

const STARTED = '{"event":"started","pid":7}\n';
const EXITED = '{"event":"exited","pid":7}\n';

async function logOf(...lines: readonly string[]): Promise<LogRecords> {
  const stream = Readable.from(lines);
  const log = new LogRecords(stream);
  await once(stream, 'close');
  await new Promise((done) => setImmediate(done));
  return log;
}

test('a log in which each start has one exit passes, also when a pid is used again (B2)', async () => {
  const log = await logOf(STARTED, EXITED, STARTED, EXITED);
  expect(log.all).toHaveLength(4);
  expect(() => checkConservation(log)).not.toThrow();
});

test.each([
  ['a start without an exit', [STARTED]],
  ['an exit without a start', [EXITED, STARTED]],
  ['a second exit', [STARTED, EXITED, EXITED]],
  ['a line that is not a record', [STARTED, EXITED, 'hello\n']],
])('%s does not pass (B2)', async (_, lines) => {
  const log = await logOf(...lines);
  expect(() => checkConservation(log)).toThrow();
});

test('another number of descriptors than at the start does not pass (B1)', async () => {
  const watched = { pid: process.pid, dispatcherPid: process.pid, log: await logOf() };
  const baseline = { spawner: 1, dispatcher: 1 };
  await expect(checkBars(watched, { baseline, timeoutMs: 50 })).rejects.toThrow('back at the baseline');
});

test('a record is given out once, in order, to whoever waits for it', async () => {
  const log = await logOf(STARTED, EXITED, STARTED);
  expect(await log.next('exited')).toBe(log.all[1]);
  expect(await log.next('started')).toBe(log.all[0]);
  expect(await log.next(({ pid }) => pid === 7)).toBe(log.all[2]);
  await expect(log.next('started', { timeoutMs: 1 })).rejects.toThrow('Waited in vain');
});
