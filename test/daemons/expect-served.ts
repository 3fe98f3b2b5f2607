import { expect } from 'vitest';
import type { Zinetd } from '../harness/start-zinetd.ts';

/** One connection in the log: START, then EXIT of the same process with the status that is its custom (promise 7). */
export async function expectServed(zinetd: Zinetd, service: string, status = 0): Promise<void> {
  const isOf = (event: string) => (record: { event: string; service?: string }) =>
    record.event === event && record.service === service;
  const started = await zinetd.event(isOf('started'));
  const exited = await zinetd.event(isOf('exited'));
  expect(exited).toMatchObject({ pid: started.pid, status });
  expect(exited.duration_ms).toBeGreaterThan(0);
}
