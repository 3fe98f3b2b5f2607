import { describe, expect, test } from 'vitest';
import { PeerListener } from '../../src/listeners/peer-listener.ts';
import type { Endpoint } from '../../src/model/address.ts';
import { Descriptor } from '../../src/native/descriptor.ts';
import { endpoint } from '../admission/example-facts.ts';
import { FakeWorld } from '../dispatcher/fake-world.ts';
import { FakePoller, fakeBinding } from './fake-binding.ts';
import { FakeDatagrams } from './fake-datagrams.ts';

const FIRST = 10;
const SECOND = 11;
const THIRD = 12;
const at = (port: number): Endpoint => endpoint('192.0.2.7', port);
const [P, Q, R] = [at(1), at(2), at(3)];
const STRANGER = 666;

/** A listener on descriptor 10 that turns port 666 away; what it asks for and gives away is noted. */
function listenerOf() {
  const datagrams = new FakeDatagrams();
  const fake = new FakePoller();
  const world = new FakeWorld();
  const noted: string[] = [];
  const binding = fakeBinding(datagrams.calls);
  const listener = new PeerListener({
    ...{ binding, poller: fake.poller, descriptor: new Descriptor(binding, FIRST), service: 0, row: 0 },
    handlers: {
      mayEnter: ({ port }) => port !== STRANGER,
      onWanted: ({ port }) => noted.push(`open for ${port}`),
      onPeer: ({ port }, socket) => noted.push(`${socket.fd} is ${port}'s`),
      onFailed: ({ port }, code) => noted.push(`none for ${port}: ${code}`),
      onDropped: (count) => noted.push(`dropped ${count}`),
      onStarved: (code) => noted.push(code),
      after: world.after,
    },
  });
  listener.start();
  const turn = (fd: number): void => fake.ready(fake.token(fd));
  const renew = (fd: number): void => listener.renew(new Descriptor(binding, fd));
  const isPolled = (fd: number): boolean => fake.watched.has(fd);
  return { listener, datagrams, world, noted, turn, renew, isPolled };
}

describe("a listener whose socket becomes its first sender's", () => {
  test('gives all datagrams away with it, and is polled with the next socket', () => {
    const { datagrams, noted, turn, renew, isPolled } = listenerOf();
    datagrams.put(FIRST, [P, 5], [P, 0], [P, 7]);
    turn(FIRST);
    expect(noted).toEqual(['open for 1']);
    expect(isPolled(FIRST)).toBe(false);
    renew(SECOND);
    expect(noted).toEqual(['open for 1', "10 is 1's"]);
    expect(datagrams.left(FIRST)).toEqual([1, 1, 1]);
    expect([isPolled(FIRST), isPolled(SECOND)]).toEqual([false, true]);
    expect(datagrams.closed).toEqual([]);
  });

  test.each([
    [
      'behind',
      [
        [P, 5],
        [Q, 5],
      ],
      [],
    ],
    [
      'between',
      [
        [P, 5],
        [Q, 5],
        [P, 5],
      ],
      [1],
    ],
    [
      'behind, after one of no bytes',
      [
        [P, 0],
        [Q, 5],
      ],
      [],
    ],
    [
      'behind, and of no bytes',
      [
        [P, 5],
        [Q, 0],
        [P, 0],
        [P, 1],
      ],
      [1, 1],
    ],
  ] as const)('leaves nothing of anybody else in it that came %s', (_, queue, left) => {
    const { datagrams, noted, turn, renew } = listenerOf();
    datagrams.put(FIRST, ...queue);
    turn(FIRST);
    renew(SECOND);
    expect(datagrams.left(FIRST)).toEqual(left);
    expect(noted.includes("10 is 1's")).toBe(left.length > 0);
    expect(noted).toContain(`dropped ${queue.length - left.length}`);
  });

  test('keeps sockets for those who lost a datagram, and serves them when they send again (promise 5)', () => {
    const { datagrams, noted, turn, renew, isPolled } = listenerOf();
    datagrams.put(FIRST, [P, 5], [Q, 5], [at(STRANGER), 5], [Q, 5]);
    turn(FIRST);
    renew(SECOND);
    expect(noted).toEqual(['open for 1', 'dropped 4', 'open for 2']);
    datagrams.put(SECOND, [R, 5]);
    renew(THIRD);
    expect(noted.slice(3)).toEqual(['dropped 1', 'open for 3']);
    expect([isPolled(FIRST), isPolled(SECOND), isPolled(THIRD)]).toEqual([true, true, false]);
    datagrams.put(FIRST, [P, 5]);
    turn(FIRST);
    expect(noted.at(-1)).toBe("10 is 1's");
    expect(isPolled(FIRST)).toBe(false);
  });

  test('gives such a socket up when its peer does not come back', () => {
    const { datagrams, world, turn, renew, isPolled } = listenerOf();
    datagrams.put(FIRST, [P, 5], [at(STRANGER), 5]);
    turn(FIRST);
    renew(SECOND);
    world.pass(5999);
    expect(datagrams.closed).toEqual([]);
    world.pass(1);
    expect(datagrams.closed).toEqual([FIRST]);
    expect(isPolled(SECOND)).toBe(true);
  });

  test('drops what is refused, a bounded number in one turn', () => {
    const { datagrams, noted, turn } = listenerOf();
    datagrams.put(FIRST, ...Array.from({ length: 20 }, () => [at(STRANGER), 1] as const), [P, 1]);
    turn(FIRST);
    expect(datagrams.left(FIRST)).toHaveLength(5);
    expect(noted).toEqual([]);
    turn(FIRST);
    expect(datagrams.left(FIRST)).toEqual([1]);
    expect(noted).toEqual(['open for 1']);
  });

  test('tries again later when descriptors are short, and gives up a sender who can have no socket', () => {
    const { listener, datagrams, noted, turn, isPolled } = listenerOf();
    datagrams.put(FIRST, [P, 5], [Q, 5]);
    turn(FIRST);
    listener.renewFailed('EMFILE');
    expect(isPolled(FIRST)).toBe(false);
    listener.resume('descriptors');
    turn(FIRST);
    listener.renewFailed('EACCES');
    expect(noted).toEqual(['open for 1', 'EMFILE', 'open for 1', 'none for 1: EACCES']);
    expect(datagrams.left(FIRST)).toEqual([2]);
    turn(FIRST);
    expect(noted.at(-1)).toBe('open for 2');
  });

  test('closes a socket that it did not ask for, and all that it has when it stops', () => {
    const { listener, datagrams, turn, renew } = listenerOf();
    renew(THIRD);
    expect(datagrams.closed).toEqual([THIRD]);
    datagrams.put(FIRST, [P, 5], [at(STRANGER), 5]);
    turn(FIRST);
    renew(SECOND);
    listener.close();
    expect(datagrams.closed).toEqual([THIRD, SECOND, FIRST]);
  });

  test('does not look at a socket that waits for its peer either, while something speaks against it', () => {
    const { listener, datagrams, turn, renew, isPolled } = listenerOf();
    datagrams.put(FIRST, [P, 5], [at(STRANGER), 5]);
    turn(FIRST);
    renew(SECOND);
    listener.pause('launches');
    expect([isPolled(FIRST), isPolled(SECOND)]).toEqual([false, false]);
    listener.resume('launches');
    expect([isPolled(FIRST), isPolled(SECOND)]).toEqual([true, true]);
  });
});
