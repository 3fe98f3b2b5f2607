import { constants } from 'node:os';
import { describe, expect, test } from 'vitest';
import { Tarpit } from '../../src/dispatcher/tarpit.ts';
import { Descriptor } from '../../src/native/descriptor.ts';
import { loadBinding } from '../../src/native/load.ts';
import { acceptedPair } from '../harness/accepted-pair.ts';
import { fakeBinding } from '../listeners/fake-binding.ts';

const { errno } = constants;

/** Timers that a test lets run, one turn of the tarpit each. */
class Timers {
  readonly waiting = new Set<() => void>();
  readonly delays = new Set<number>();

  readonly after = (delayMs: number, callback: () => void): (() => void) => {
    this.delays.add(delayMs);
    this.waiting.add(callback);
    return () => this.waiting.delete(callback);
  };

  run(turns: number): void {
    for (let turn = 0; turn < turns; turn++) {
      const [callback] = this.waiting;
      if (!callback) return;
      this.waiting.delete(callback);
      callback();
    }
  }
}

function tarpitOf(send: (fd: number, bytes: Uint8Array) => number = (_fd, bytes) => bytes.length) {
  const timers = new Timers();
  const closed: number[] = [];
  const sent = new Map<number, string>();
  const binding = fakeBinding({
    send: (fd, bytes) => {
      const result = send(fd, bytes);
      if (result > 0)
        sent.set(fd, (sent.get(fd) ?? '') + Buffer.from(bytes.subarray(0, result)).toString('latin1'));
      return result;
    },
    close: (fd) => {
      closed.push(fd);
      return 0;
    },
  });
  const tarpit = new Tarpit({ binding, after: timers.after });
  const hold = (fd: number, options: object = {}) =>
    tarpit.hold(new Descriptor(binding, fd), { service: 0, bytesPerSecond: 1, slots: 100, ...options });
  return { tarpit, timers, closed, sent, hold };
}

const SECOND = 10;

describe('the tarpit', () => {
  test('sends so many bytes a second, the text over and over, with one timer for all', () => {
    const { timers, sent, hold } = tarpitOf();
    const text = Buffer.from('abc');
    hold(10);
    hold(11, { text, bytesPerSecond: 2 });
    hold(12, { text, bytesPerSecond: 7, service: 1 });
    expect(sent.size).toBe(0);
    timers.run(SECOND);
    expect([...sent]).toEqual([
      [10, '\n'],
      [11, 'ab'],
      [12, 'abcabca'],
    ]);
    timers.run(2 * SECOND);
    expect([sent.get(10), sent.get(11), sent.get(12)]).toEqual(['\n\n\n', 'abcabc', 'abcabcabcabcabcabcabc']);
    expect(timers.waiting.size).toBe(1);
    expect([...timers.delays]).toEqual([100]);
  });

  test('goes on where the client has stopped to take bytes', () => {
    const results = [2, -errno.EAGAIN, -errno.EINTR, 1];
    const { timers, sent, hold, closed } = tarpitOf((_fd, bytes) => results.shift() ?? bytes.length);
    hold(10, { text: Buffer.from('abcdef'), bytesPerSecond: 3 });
    timers.run(5 * SECOND);
    expect(sent.get(10)).toBe('abcdef');
    expect(closed).toEqual([]);
  });

  test('closes what does not fit into the slots of its service, at once', () => {
    const { tarpit, hold, closed } = tarpitOf();
    const held = [10, 11, 12].map((fd) => hold(fd, { slots: 2 }));
    expect(held).toEqual([true, true, false]);
    expect(closed).toEqual([12]);
    expect(hold(13, { slots: 2, service: 1 })).toBe(true);
    expect([tarpit.held(0), tarpit.held(1), tarpit.held(2)]).toEqual([2, 1, 0]);
  });

  test.each(['EPIPE', 'ECONNRESET', 'ETIMEDOUT', 'EBADF'] as const)(
    'frees the slot of a client that is gone (%s)',
    (name) => {
      const { tarpit, timers, hold, closed } = tarpitOf(() => -errno[name]);
      hold(10, { slots: 1 });
      timers.run(SECOND);
      expect(closed).toEqual([10]);
      expect(tarpit.held(0)).toBe(0);
      expect(timers.waiting.size).toBe(0);
      expect(hold(11, { slots: 1 })).toBe(true);
      expect(timers.waiting.size).toBe(1);
    },
  );

  test('lets a client go after ten minutes, or what is set, even one that takes nothing', () => {
    const { tarpit, timers, hold, closed } = tarpitOf(() => -errno.EAGAIN);
    hold(10);
    hold(11, { maxMs: 3000 });
    timers.run(2 * SECOND);
    expect(closed).toEqual([]);
    timers.run(SECOND);
    expect(closed).toEqual([11]);
    timers.run(596 * SECOND);
    expect(closed).toEqual([11]);
    timers.run(SECOND);
    expect(closed).toEqual([11, 10]);
    expect(tarpit.held(0)).toBe(0);
    expect(timers.waiting.size).toBe(0);
  });

  test('spreads many clients over the second, so that no turn is long (B7)', () => {
    const { timers, sent, hold } = tarpitOf();
    for (let fd = 0; fd < 1000; fd++) hold(fd, { slots: 1000 });
    timers.run(1);
    expect(sent.size).toBe(100);
    timers.run(9);
    expect(sent.size).toBe(1000);
  });

  test('closes everything when it is closed, and all that comes after', () => {
    const { tarpit, timers, hold, closed } = tarpitOf();
    hold(10);
    hold(11, { service: 5 });
    tarpit.close();
    tarpit.close();
    expect(closed).toEqual([10, 11]);
    expect(timers.waiting.size).toBe(0);
    expect(hold(12)).toBe(false);
    expect(closed).toEqual([10, 11, 12]);
    expect([tarpit.held(0), tarpit.held(5), timers.waiting.size]).toEqual([0, 0, 0]);
  });

  test('notices a real client that goes away, without reading from it', async () => {
    const { client, server, descriptor } = await acceptedPair(loadBinding());
    const timers = new Timers();
    const tarpit = new Tarpit({ binding: loadBinding(), after: timers.after });
    tarpit.hold(descriptor, { service: 0, bytesPerSecond: 3, slots: 1, text: Buffer.from('go away ') });
    const first = new Promise<string>((resolve) => client.once('data', (data) => resolve(String(data))));
    client.resume();
    timers.run(SECOND);
    expect(await first).toBe('go ');
    const gone = new Promise((resolve) => client.once('close', resolve));
    client.destroy();
    await gone;
    // The first send after the end draws the reset, the second one finds it.
    timers.run(2 * SECOND);
    expect(tarpit.held(0)).toBe(0);
    expect(server.bytesRead).toBe(0);
  });
});
