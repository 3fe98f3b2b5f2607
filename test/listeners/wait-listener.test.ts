import { constants } from 'node:os';
import { describe, expect, test } from 'vitest';
import { WaitListener } from '../../src/listeners/wait-listener.ts';
import type { Endpoint } from '../../src/model/address.ts';
import type { ListenScheme } from '../../src/model/listen-address.ts';
import { isNobody } from '../../src/model/nobody.ts';
import { Descriptor } from '../../src/native/descriptor.ts';
import { endpoint } from '../admission/example-facts.ts';
import { FakePoller, fakeBinding } from './fake-binding.ts';
import { FakeDatagrams } from './fake-datagrams.ts';

const FD = 10;
const P = endpoint('192.0.2.7', 4000);
const Q = endpoint('192.0.2.8', 4000);

function listenerOf(scheme: ListenScheme, onArrival: (listener: WaitListener) => void = () => {}) {
  const datagrams = new FakeDatagrams();
  const fake = new FakePoller();
  const seen: Endpoint[] = [];
  const counts = { backlog: 0, accept: -constants.errno.EAGAIN };
  const starved: string[] = [];
  const binding = fakeBinding({
    ...datagrams.calls,
    backlog: () => counts.backlog,
    acceptWaiting: () => counts.accept,
  });
  const listener: WaitListener = new WaitListener({
    ...{ binding, poller: fake.poller, descriptor: new Descriptor(binding, FD), service: 0, row: 0, scheme },
    handlers: {
      onArrival: ({ sender }) => {
        seen.push(sender);
        onArrival(listener);
      },
      onStarved: (code) => starved.push(code),
    },
  });
  listener.start();
  return { listener, datagrams, fake, seen, counts, starved, turn: () => fake.ready(fake.token(FD)) };
}

describe('a listener that handlers get', () => {
  test('is not polled while as much as one of them has it', () => {
    const { listener, fake } = listenerOf('tcp');
    const [first, second] = [listener.hold(), listener.hold()];
    first();
    expect(fake.watched.has(FD)).toBe(false);
    second();
    expect(fake.watched.has(FD)).toBe(true);
  });

  test('is looked at in the turn in which a handler has ended, and polled where nobody waits any more', () => {
    const { listener, datagrams, fake, seen } = listenerOf('udp', (held) => ends.push(held.hold()));
    const ends: (() => void)[] = [listener.hold()];
    datagrams.put(FD, [P, 1]);
    fake.turn(() => {
      ends.pop()?.();
      expect(seen).toEqual([]); // whatever else is to be done about the end is done ahead of it
    });
    expect(seen).toEqual([P]);
    expect(fake.watched.has(FD)).toBe(false);
    listener.drop();
    fake.turn(() => ends.pop()?.());
    expect(seen).toEqual([P]);
    expect(fake.watched.has(FD)).toBe(true);
  });

  test('is polled, and not looked at over and over, where whoever comes is let go of at once', () => {
    const { listener, datagrams, fake, seen } = listenerOf('udp', (held) => held.hold()());
    const end = listener.hold();
    datagrams.put(FD, [P, 1]);
    end();
    expect(seen.length).toBeLessThanOrEqual(16);
    expect(fake.watched.has(FD)).toBe(true);
  });

  test('is held by whoever takes it ahead of those who wait', () => {
    const { listener, datagrams, fake, seen } = listenerOf('udp');
    const end = listener.hold();
    datagrams.put(FD, [P, 1]);
    fake.turn(() => {
      end();
      listener.hold();
    });
    expect(seen).toEqual([]);
    expect(fake.watched.has(FD)).toBe(false);
  });

  test('turns a bounded number away in one turn, so that others get theirs', () => {
    const { datagrams, seen, turn } = listenerOf('udp', (listener) => listener.drop());
    datagrams.put(FD, ...Array.from({ length: 40 }, () => [P, 1] as const));
    turn();
    expect(seen).toHaveLength(16);
    expect(datagrams.left(FD)).toHaveLength(24);
  });

  test('takes nothing out of it for one who is served (S144)', () => {
    const { datagrams, seen, turn } = listenerOf('udp', (listener) => void listener.hold());
    datagrams.put(FD, [P, 1], [Q, 1]);
    turn();
    expect(seen).toEqual([P]);
    expect(datagrams.left(FD)).toEqual([4000, 4000]);
  });

  test.each([
    ['udp', false],
    ['unix-dgram', true],
  ] as const)('knows who sent a datagram of %s, if anybody can', (scheme, isUnknown) => {
    const { datagrams, seen, turn } = listenerOf(scheme, (listener) => void listener.hold());
    datagrams.put(FD, [P, 1]);
    turn();
    expect(seen.map(isNobody)).toEqual([isUnknown]);
  });

  test('tells a datagram that is left from another one, also from one of no bytes (S66, S68)', () => {
    const { listener, datagrams } = listenerOf('udp');
    expect(listener.look()).toBeUndefined();
    for (const [first, second, isSame] of [
      [[P, 3], [P, 3], true],
      [[P, 0], [P, 0], true],
      [[P, 3], [P, 4], false],
      [[P, 3], [Q, 3], false],
    ] as const) {
      datagrams.put(FD, first, second);
      const sight = listener.look();
      if (!sight) throw new Error('There is nothing');
      expect(listener.isAsAt(sight)).toBe(true);
      listener.drop();
      expect(listener.isAsAt(sight)).toBe(isSame);
      listener.drop();
      expect(listener.isAsAt(sight)).toBe(false);
    }
  });

  test('tells by the length of the queue whether a handler has accepted anybody', () => {
    const { listener, counts } = listenerOf('tcp');
    counts.backlog = 3;
    const sight = listener.look() ?? { sender: P, amount: 0 };
    expect(listener.isAsAt(sight)).toBe(true);
    counts.backlog = 2;
    expect(listener.isAsAt(sight)).toBe(false);
  });

  test('rests when no connection can be had for want of descriptors, and does not when it is gone', () => {
    const { listener, fake, counts, starved } = listenerOf('tcp');
    expect(listener.accept()).toBeUndefined();
    expect(starved).toEqual([]);
    counts.accept = -constants.errno.EMFILE;
    expect(listener.accept()).toBeUndefined();
    expect(starved).toEqual(['EMFILE']);
    expect(fake.watched.has(FD)).toBe(false);
  });

  test('looks at nothing once it is closed', () => {
    const { listener, datagrams } = listenerOf('udp');
    const letGo = listener.hold();
    datagrams.put(FD, [P, 1]);
    listener.close();
    expect(listener.look()).toBeUndefined();
    letGo();
  });
});
