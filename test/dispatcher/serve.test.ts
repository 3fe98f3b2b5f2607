import { describe, expect, test } from 'vitest';
import { lackEvents } from '../../src/dispatcher/lacks.ts';
import { handlerExited, handlerStarted, launchFailed, launchNotTaken } from '../../src/dispatcher/outcome.ts';
import { connectionIds, type Floor, serve } from '../../src/dispatcher/serve.ts';
import { Bus } from '../../src/events/bus.ts';
import type { ZinetdEvent } from '../../src/events/event.ts';
import type { SpawnerEvent } from '../../src/launch/spawner-event.ts';
import type { SpawnerLink } from '../../src/launch/spawner-link.ts';
import type { Endpoint } from '../../src/model/address.ts';
import { Descriptor } from '../../src/native/descriptor.ts';
import { ChildTable } from '../../src/supervise/child-table.ts';
import { Ledger } from '../../src/supervise/ledger.ts';
import { fakeBinding } from '../listeners/fake-binding.ts';

const peer: Endpoint = { family: 4, bytes: Uint8Array.from([192, 0, 2, 7]), port: 4000, scopeId: 0 };

/** A floor whose spawner only remembers what it was asked. */
function floorOf(instances: number) {
  const closed: number[] = [];
  const sent: unknown[] = [];
  const events: ZinetdEvent[] = [];
  const bus = new Bus();
  bus.subscribe((event) => events.push(event));
  const link = { send: (request: unknown) => void sent.push(request) } as unknown as SpawnerLink;
  const policy = { services: [{ name: 'echo', instances, listeners: [] }] };
  const floor: Floor = { policy, ledger: new Ledger(1), children: new ChildTable(), link, bus };
  const binding = fakeBinding({ close: (fd) => closed.push(fd) - closed.length });
  const arrive = (id: number) => serve(floor, { id, service: 0, peer }, new Descriptor(binding, 100 + id));
  return { floor, closed, sent, events, arrive };
}

function spawnerEvent(fields: Partial<SpawnerEvent>): SpawnerEvent {
  const zeros = { generation: 1, slot: 0n, service: 0, pid: 42, errno: 0, status: 0, maxRssKb: 0 };
  return {
    type: 'launched',
    id: 1,
    step: 'none',
    userUs: 0,
    systemUs: 0,
    durationUs: 0,
    peer,
    ...zeros,
    ...fields,
  };
}

describe('a connection', () => {
  test('that is admitted is reserved for and handed to the spawner; over the cap it is closed and told of', () => {
    const { floor, closed, sent, events, arrive } = floorOf(1);
    arrive(1);
    expect(sent).toEqual([{ type: 'launch', id: 1, service: 0, peer }]);
    expect(floor.ledger.running(0)).toBe(1);
    arrive(2);
    expect(closed).toEqual([102]);
    expect(events).toMatchObject([
      { type: 'refused', service: 'echo', verdict: { reason: 'service_limit' } },
    ]);
    expect(floor.ledger.running(0)).toBe(1);
  });

  test.each([
    [
      'exits',
      (floor: Floor) => handlerExited(floor, spawnerEvent({ status: 9 })),
      { type: 'exited', exit: { signal: 9 } },
    ],
    [
      'fails to launch',
      (floor: Floor) => launchFailed(floor, spawnerEvent({ step: 'setgroups', errno: 1 })),
      { type: 'failed', failure: { step: 'setgroups', code: 'EPERM' } },
    ],
    [
      'is refused by the spawner',
      (floor: Floor) => launchNotTaken(floor, 1, { step: 'refused', code: 'EBADF' }),
      { type: 'failed', failure: { step: 'refused', code: 'EBADF' } },
    ],
    [
      'cannot be passed to the spawner',
      (floor: Floor) => launchNotTaken(floor, 1, { step: 'send', code: 'ENOBUFS' }),
      { type: 'failed', failure: { step: 'send', code: 'ENOBUFS' } },
    ],
  ] as const)('that %s gives its place back and ends in one event (promise 7)', (_how, end, event) => {
    const { floor, events, arrive } = floorOf(1);
    arrive(1);
    end(floor);
    expect(floor.ledger.running(0)).toBe(0);
    expect(events).toMatchObject([event]);
  });

  test('that an earlier dispatcher had is counted from its first sign of life until its end', () => {
    const { floor, events } = floorOf(2);
    handlerStarted(floor, spawnerEvent({ id: 77 }));
    expect(floor.ledger.running(0)).toBe(1);
    handlerExited(floor, spawnerEvent({ id: 77, status: 256 }));
    expect(floor.ledger.running(0)).toBe(0);
    handlerExited(floor, spawnerEvent({ id: 78 }));
    expect(floor.ledger.running(0)).toBe(0);
    expect(events.map(({ type }) => type)).toEqual(['started', 'exited', 'exited']);
  });
});

describe('connection ids', () => {
  test('of one dispatcher never meet those of another', () => {
    const first = connectionIds(1);
    const second = connectionIds(2);
    expect([first(), first()]).toEqual([2 ** 40, 2 ** 40 + 1]);
    expect(second()).toBe(2 ** 41);
    expect(Number.isSafeInteger(connectionIds(8191)())).toBe(true);
    expect(Number.isSafeInteger(connectionIds(100_000)())).toBe(true);
  });
});

describe('what the kernel lacks', () => {
  test('is told feature by feature, with what follows from it', () => {
    expect(lackEvents(0)).toEqual([]);
    expect(lackEvents(15).map((event) => event.type === 'sandbox-lacks' && event.feature)).toEqual([
      'Landlock',
      'Landlock for TCP',
      'Landlock for signals',
      'seccomp',
    ]);
  });
});
