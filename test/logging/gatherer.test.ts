import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ZinetdEvent } from '../../src/events/event.ts';
import { type Batch, Gatherer } from '../../src/logging/gatherer.ts';
import { levelOf } from '../../src/logging/level.ts';
import { FULL_VIEW } from '../../src/logging/record-view.ts';

const events: fc.Arbitrary<ZinetdEvent> = fc.constantFrom<ZinetdEvent>(
  { type: 'resumed', service: 'echo' },
  { type: 'spawner-gone' },
  { type: 'records-lost', count: 1 },
);

/** A gatherer whose moments a test ends. */
function gathererOf() {
  const batches: Batch[] = [];
  const flushes: (() => void)[] = [];
  let now = 0;
  const gatherer = new Gatherer({
    now: () => ++now,
    gather: (flush) => flushes.push(flush),
    write: (batch) => batches.push(batch),
  });
  const end = (): void => {
    for (const flush of flushes.splice(0)) flush();
  };
  return { gatherer, batches, flushes, end };
}

describe('the records of a moment', () => {
  test('are one for winston while their level is the same, in their order, each with its own time', () => {
    fc.assert(
      fc.property(fc.array(fc.array(events, { maxLength: 12 }), { maxLength: 6 }), (moments) => {
        const { gatherer, batches, flushes, end } = gathererOf();
        for (const moment of moments) {
          for (const event of moment) gatherer.add(event, FULL_VIEW);
          expect(flushes.length).toBe(moment.length === 0 ? 0 : 1);
          end();
        }
        const written = batches.flatMap(({ entries }) => entries);
        expect(written.map(({ event }) => event)).toEqual(moments.flat());
        expect(written.map(({ atMs }) => atMs)).toEqual(written.map((_, index) => index + 1));
        for (const { level, entries } of batches) {
          expect(entries.length).toBeGreaterThan(0);
          for (const { event } of entries) expect(levelOf(event)).toBe(level);
        }
      }),
    );
  });

  test('are written when somebody asks for it ahead of their end, and once', () => {
    const { gatherer, batches, end } = gathererOf();
    gatherer.add({ type: 'spawner-gone' }, FULL_VIEW);
    gatherer.flush();
    expect(batches.length).toBe(1);
    end();
    gatherer.flush();
    expect(batches.length).toBe(1);
  });
});
