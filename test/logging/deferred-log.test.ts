import { describe, expect, it } from 'vitest';
import { deferLog } from '../../src/logging/deferred-log.ts';

/** A deferred log over one that notes what it is given and when, with timers that a test lets run. */
function logOf() {
  const written: string[] = [];
  const timers: (() => void)[] = [];
  const clock = { now: 100 };
  const log = deferLog({
    create: ({ now, gather }) => ({
      write: (event) => {
        written.push(`${event.type} at ${now()}`);
        if (event.type === 'resumed') gather(() => written.push('flushed'));
      },
      close: () => written.push('closed'),
    }),
    now: () => clock.now,
    after: (_delayMs, callback) => timers.push(callback),
  });
  return { log, written, timers, clock };
}

describe('a deferred log', () => {
  it('writes later, in order, with the time of each event and one timer for all', () => {
    const { log, written, timers, clock } = logOf();
    log.write({ type: 'resumed', service: 'echo' });
    clock.now = 105;
    log.write({ type: 'spawner-gone' });
    expect(written).toEqual([]);
    expect(timers.length).toBe(1);
    timers.shift()?.();
    expect(written).toEqual(['resumed at 100', 'spawner-gone at 105', 'flushed']);
    log.write({ type: 'spawner-gone' });
    expect(timers.length).toBe(1);
  });

  it('writes what waits before it is closed', () => {
    const { log, written } = logOf();
    log.write({ type: 'spawner-gone' });
    log.close();
    expect(written).toEqual(['spawner-gone at 100', 'closed']);
  });
});
