import { constants } from 'node:os';
import { describe, expect, test } from 'vitest';
import { StreamListener } from '../../src/listeners/stream-listener.ts';
import { Descriptor } from '../../src/native/descriptor.ts';
import { FakePoller, fakeBinding } from './fake-binding.ts';

const { errno } = constants;
const LISTENER_FD = 10;

/** A listener on a queue of accept(2) results. */
function listenerOf(results: number[], takes: () => boolean = () => true) {
  const fake = new FakePoller();
  const seen: string[] = [];
  const binding = fakeBinding({ accept: () => results.shift() ?? -errno.EAGAIN, close: () => 0 });
  const listener = new StreamListener({
    binding,
    poller: fake.poller,
    descriptor: new Descriptor(binding, LISTENER_FD),
    service: 0,
    row: 0,
    handlers: {
      onConnection: (connection) => {
        seen.push(`fd ${connection.fd}`);
        return takes();
      },
      onStarved: (code) => seen.push(code),
    },
  });
  listener.start();
  return { listener, fake, seen, results };
}

describe('a stream listener', () => {
  test('accepts a bounded batch, so that other listeners get their turn', () => {
    const { fake, seen } = listenerOf(Array.from({ length: 40 }, (_, index) => 100 + index));
    fake.ready(fake.token(LISTENER_FD));
    expect(seen.length).toBe(16);
  });

  test.each(['ECONNABORTED', 'EINTR', 'EPROTO', 'ENETDOWN', 'EHOSTUNREACH'] as const)(
    'takes %s for a client that is gone and goes on (S73)',
    (name) => {
      const { fake, seen } = listenerOf([-errno[name], 7]);
      fake.ready(fake.token(LISTENER_FD));
      expect(seen).toEqual(['fd 7']);
    },
  );

  test.each(['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM'] as const)(
    'pauses on %s instead of spinning, and goes on afterwards (S74, S75)',
    (name) => {
      const { listener, fake, seen } = listenerOf([-errno[name], 7]);
      fake.ready(fake.token(LISTENER_FD));
      expect(seen).toEqual([name]);
      expect(fake.watched.has(LISTENER_FD)).toBe(false);
      listener.resume('descriptors');
      fake.ready(fake.token(LISTENER_FD));
      expect(seen).toEqual([name, 'fd 7']);
    },
  );

  test('pauses when a whole batch was aborted, which no client can keep up (S75)', () => {
    const { fake, seen } = listenerOf(new Array<number>(20).fill(-errno.ECONNABORTED));
    fake.ready(fake.token(LISTENER_FD));
    expect(seen).toEqual(['ECONNABORTED']);
    expect(fake.watched.has(LISTENER_FD)).toBe(false);
  });

  test('is polled again only when the last reason to pause is gone', () => {
    const { listener, fake } = listenerOf([]);
    listener.pause('descriptors');
    listener.pause('launches');
    listener.resume('descriptors');
    expect(fake.watched.has(LISTENER_FD)).toBe(false);
    listener.resume('launches');
    expect(fake.watched.has(LISTENER_FD)).toBe(true);
  });

  test('ends its batch when it is closed from within, and ignores the event that was still under way', () => {
    const results = [7, 8, 9];
    const made = listenerOf(results, () => {
      made.listener.close();
      return true;
    });
    const token = made.fake.token(LISTENER_FD);
    made.fake.ready(token);
    made.fake.ready(token);
    expect(made.seen).toEqual(['fd 7']);
    made.listener.resume('launches');
    made.listener.start();
    expect(made.fake.watched.has(LISTENER_FD)).toBe(false);
  });
});
