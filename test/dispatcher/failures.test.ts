import { expect, test } from 'vitest';
import { Failures } from '../../src/dispatcher/failures.ts';
import { RefusalReporter } from '../../src/dispatcher/refusal-reporter.ts';
import { Bus } from '../../src/events/bus.ts';
import type { ZinetdEvent } from '../../src/events/event.ts';
import { RefusalSummary } from '../../src/logging/refusal-summary.ts';
import { endpoint } from '../admission/example-facts.ts';

/** What is told of clients of one service, one after the other, whose launches fail in a step each. */
function toldOf(steps: readonly string[]): {
  readonly single: number;
  readonly rows: readonly ZinetdEvent[];
} {
  const bus = new Bus();
  const events: ZinetdEvent[] = [];
  bus.subscribe((event) => events.push(event));
  const parts = { bus, nowMs: () => 0, nameOf: () => 'web' };
  const reporter = new RefusalReporter({ ...parts, summary: new RefusalSummary(1), after: () => () => {} });
  const failures = new Failures({ ...parts, reporter });
  for (const step of steps)
    failures.tell({ service: 0, peer: endpoint('192.0.2.7', 4000) }, { step, code: 'EAGAIN' });
  reporter.flush();
  const isSingle = (event: ZinetdEvent): boolean => event.type === 'failed' && event.isUntold !== true;
  return {
    single: events.filter(isSingle).length,
    rows: events.filter(({ type }) => type === 'refused-more'),
  };
}

function times(count: number, step: string): readonly string[] {
  return Array.from({ length: count }, () => step);
}

test('launches that fail again and again are told of a few times, then counted (S118, B5)', () => {
  const { single, rows } = toldOf([...times(900, 'clone'), ...times(100, 'exec')]);
  expect(single).toBe(10);
  expect(rows).toMatchObject([
    { service: 'web', reason: 'fork', count: 895 },
    { service: 'web', reason: 'exec_failed', count: 95 },
  ]);
});

test('each step ahead of the program is counted by itself (S118, S22)', () => {
  const { single, rows } = toldOf([...times(20, 'setgroups'), ...times(20, 'chdir')]);
  expect(single).toBe(10);
  expect(rows).toMatchObject([
    { reason: 'drop_failed:setgroups', count: 15 },
    { reason: 'drop_failed:chdir', count: 15 },
  ]);
});

test.each(['cap', 'stopping', 'proxy_protocol', 'of another release'])('%s is told of one by one', (step) => {
  expect(toldOf(times(30, step))).toEqual({ single: 30, rows: [] });
});
