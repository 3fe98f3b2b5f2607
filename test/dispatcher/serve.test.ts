import { describe, expect, test } from 'vitest';
import { connectionIds } from '../../src/dispatcher/connection-ids.ts';
import type { Floor } from '../../src/dispatcher/floor.ts';
import { lackEvents } from '../../src/dispatcher/lacks.ts';
import { handlerExited, handlerStarted, launchFailed, launchNotTaken } from '../../src/dispatcher/outcome.ts';
import { endpoint } from '../admission/example-facts.ts';
import { cap, PlayFloor, spawnerEvent } from './play-floor.ts';

const peer = endpoint('192.0.2.7', 4000);

describe('a connection', () => {
  test('that is admitted is reserved for and handed to the spawner; over the cap it is closed and told of', () => {
    const play = new PlayFloor([{ instances: cap(1) }]);
    play.arrive();
    expect(play.sent).toEqual([{ type: 'launch', id: 1, service: 0, variant: 0, peer }]);
    expect(play.running()).toBe(1);
    play.arrive();
    expect(play.closed).toEqual([102]);
    expect(play.events).toMatchObject([
      { type: 'refused', service: 'echo', verdict: { reason: 'service_limit' } },
    ]);
    expect(play.running()).toBe(1);
  });

  test('that its client has reset gets no handler: it is closed and told of, and holds no place (S71, S72)', () => {
    const play = new PlayFloor([{ instances: cap(1) }]);
    play.isGone = true;
    play.arrive();
    expect(play.sent).toEqual([]);
    expect(play.closed).toEqual([101]);
    expect(play.events).toMatchObject([
      { type: 'failed', service: 'echo', peer, failure: { step: 'client_gone', code: 'ECONNRESET' } },
    ]);
    expect(play.running()).toBe(0);
    play.isGone = false;
    play.arrive();
    expect(play.running()).toBe(1);
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
  ] as const)('that %s gives its place back and ends in one event (promise 7, S9)', (_how, end, event) => {
    const play = new PlayFloor([{ instances: cap(1), perSource: 1 }], { maxProcesses: cap(2) });
    play.arrive();
    end(play.floor);
    expect(play.running()).toBe(0);
    const source = play.floor.counters.sourceOf(peer.bytes);
    expect(play.floor.counters.facts({ service: 0, source })).toMatchObject({
      ...{ sourceRunning: 0, sourceProcesses: 0, processes: 0 },
    });
    expect(play.events).toMatchObject([event]);
  });

  test('that an earlier dispatcher had is counted from its first sign of life until its end', () => {
    const play = new PlayFloor([{ instances: cap(2), perSource: 1 }]);
    handlerStarted(play.floor, spawnerEvent({ id: 77 }));
    expect(play.running()).toBe(1);
    play.arrive();
    expect(play.refusals).toEqual(['per_source_limit']);
    handlerExited(play.floor, spawnerEvent({ id: 77, status: 256 }));
    expect(play.running()).toBe(0);
    handlerExited(play.floor, spawnerEvent({ id: 78 }));
    expect(play.running()).toBe(0);
    expect(play.types()).toEqual(['started', 'refused', 'exited', 'exited']);
  });

  test('of one source takes half of max_processes at the most, over all services (promise 5)', () => {
    const play = new PlayFloor([{}, { name: 'other' }], { maxProcesses: cap(4) });
    play.arrive('192.0.2.7', 0);
    play.arrive('192.0.2.7', 1);
    play.arrive('192.0.2.7', 1);
    expect(play.refusals).toEqual(['process_limit']);
    play.arrive('192.0.2.8', 0);
    play.arrive('192.0.2.9', 1);
    play.arrive('192.0.2.10', 1);
    expect(play.sent.length).toBe(4);
    expect(play.refusals).toEqual(['process_limit', 'process_limit']);
  });

  test('that is reset before its banner is charged like any other, or a flood would have a record each (S71, S118)', () => {
    const banners = { always: Buffer.from('hello'), success: undefined, fail: undefined };
    const play = new PlayFloor([{ banners, ratePerSource: { count: 2, perMs: 1000, burst: 2 } }]);
    play.isGone = true;
    for (let count = 0; count < 4; count++) play.arrive();
    expect(play.types()).toEqual(['failed', 'failed', 'refused', 'refused']);
    expect(play.events[0]).toMatchObject({ failure: { step: 'client_gone', code: 'ECONNRESET' } });
    expect([play.closed, play.running()]).toEqual([[101, 102, 103, 104], 0]);
  });

  test('that is refused is charged nothing (DESIGN §6)', () => {
    const rate = { count: 2, perMs: 1000, burst: 2 };
    const play = new PlayFloor([{ ratePerSource: rate, cps: { count: 3, perMs: 1000, burst: 3 } }]);
    for (let count = 0; count < 100; count++) play.arrive('192.0.2.7');
    expect(play.sent.length).toBe(2);
    play.arrive('192.0.2.8');
    expect(play.sent.length).toBe(3);
    play.world.pass(500);
    play.arrive('192.0.2.7');
    expect(play.sent.length).toBe(4);
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
