import { expect, test } from 'vitest';
import { SourceAlarm } from '../../src/dispatcher/source-alarm.ts';
import { Bus } from '../../src/events/bus.ts';
import type { ZinetdEvent } from '../../src/events/event.ts';

test('sources that go untracked are told of once a minute, all of them in the end (S77)', () => {
  const events: ZinetdEvent[] = [];
  const bus = new Bus();
  bus.subscribe((event) => events.push(event));
  const alarm = new SourceAlarm(bus);
  alarm.note(0, 0);
  for (let count = 1; count <= 100; count++) alarm.note(count, count);
  alarm.note(100, 60_001);
  alarm.note(100, 120_000);
  expect(events).toEqual([
    { type: 'sources-full', untracked: 1 },
    { type: 'sources-full', untracked: 99 },
  ]);
});
