import { expect, test } from 'vitest';
import { RefusalReporter } from '../../src/dispatcher/refusal-reporter.ts';
import { Bus } from '../../src/events/bus.ts';
import type { ZinetdEvent } from '../../src/events/event.ts';
import { RefusalSummary } from '../../src/logging/refusal-summary.ts';

/** A reporter whose clock and timers are the test's. */
function reporterOf() {
  const events: ZinetdEvent[] = [];
  const bus = new Bus();
  bus.subscribe((event) => events.push(event));
  const timers = new Map<() => void, number>();
  const after = (delayMs: number, callback: () => void): (() => void) => {
    timers.set(callback, delayMs);
    return () => timers.delete(callback);
  };
  const clock = { nowMs: 1000 };
  const reporter = new RefusalReporter({
    summary: new RefusalSummary(1),
    bus,
    after,
    nowMs: () => clock.nowMs,
    nameOf: (service) => `service-${service}`,
  });
  const refuse = () =>
    reporter.note({ service: 3, reason: 'load', source: Uint8Array.of(127, 0, 0, 1), atMs: clock.nowMs });
  return { reporter, events, timers, clock, refuse };
}

test('refusals that have no record of their own are told together, ten seconds after the first (S118)', () => {
  const { events, timers, clock, refuse } = reporterOf();
  expect(timers.size).toBe(0);
  const told = Array.from({ length: 30 }, () => refuse()).filter((it) => it);
  expect(told.length).toBe(5);
  expect([...timers.values()]).toEqual([10_000]);
  clock.nowMs = 11_000;
  const [callback] = timers.keys();
  callback?.();
  expect(events).toMatchObject([
    { type: 'refused-more', service: 'service-3', reason: 'load', count: 25, durationMs: 10_000 },
  ]);
  expect(timers.size).toBe(0);
  refuse();
  expect([...timers.values()]).toEqual([20_000]);
});

test('what has not been told yet is told at the end, once', () => {
  const { reporter, events, timers, refuse } = reporterOf();
  for (let count = 0; count < 8; count++) refuse();
  reporter.flush();
  reporter.flush();
  expect(events).toMatchObject([{ type: 'refused-more', count: 3 }]);
  expect(timers.size).toBe(0);
});
