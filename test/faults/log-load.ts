import { expect } from 'vitest';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import type { Load } from '../harness/loadgen.ts';
import type { LogRecord } from '../harness/log-records.ts';

/** Two records of more than 4 MiB together. */
export const MORE_THAN_A_QUEUE = 14_000;
export const RESUME_MS = 2000;
export const MINUTES_MS = 120_000;

/** A daemon with one service, which logs so. */
export function loggedServices(log: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const user = isRoot ? { user: 'nobody' } : {};
  const listen = 'tcp://127.0.0.1:0';
  return { services: { it: { listen, server: handler('raw'), instances: 500, ...user, ...log } } };
}

export function expectAllServed({ errors }: Load): void {
  expect(errors).toMatchObject({ refused: 0, reset: 0, timeout: 0, noData: 0, wrongData: 0, other: 0 });
}

/** How many of a kind, and how many are said to be lost. */
export function tallyRecords(records: readonly LogRecord[]): {
  readonly kept: number;
  readonly lost: number;
} {
  const kept = records.filter(({ event }) => event === 'started' || event === 'exited').length;
  const gaps = records.filter(({ event }) => event === 'records-lost');
  return { kept, lost: gaps.reduce((sum, { count }) => sum + Number(count), 0) };
}
