import { fstatSync, readdirSync } from 'node:fs';
import { constants } from 'node:os';
import { describe, expect, test } from 'vitest';
import { Descriptor } from '../../src/native/descriptor.ts';
import { loadBinding } from '../../src/native/load.ts';
import { MOST_PACKETS, PacketsIn, PacketsOut } from '../../src/native/packet-batch.ts';

const { errno } = constants;
const binding = loadBinding();
const PACKET_BYTES = 1000;

/** Both ends of a channel on which packets of one size keep apart. */
function channel() {
  const pair = new Int32Array(2);
  binding.socketPair(pair);
  const ours = new Descriptor(binding, pair[0] ?? -1);
  const theirs = new Descriptor(binding, pair[1] ?? -1);
  const out = new PacketsOut(binding, PACKET_BYTES);
  const into = new PacketsIn(binding, PACKET_BYTES);
  const add = (number: number, passed?: Descriptor): void => {
    new DataView(out.bytes.buffer).setUint32(out.at, number);
    out.add(PACKET_BYTES, passed);
  };
  const received = (): number[] => {
    const numbers: number[] = [];
    for (let count = into.receive(theirs); count > 0; count = into.receive(theirs)) {
      for (let index = 0; index < count; index++) numbers.push(into.view(index).getUint32(0));
    }
    return numbers;
  };
  const close = (): void => {
    ours.close();
    theirs.close();
  };
  return { ours, theirs, out, into, add, received, close };
}

describe('packets that go and come by one call', () => {
  test('bring each its own descriptor, which is taken once (B1)', () => {
    const before = readdirSync('/proc/self/fd').length;
    const { ours, theirs, out, into, add, close } = channel();
    const passed = [1, 2].map(() => new Descriptor(binding, binding.sealedMemfd(new Uint8Array(1))));
    const inodes = passed.map(({ fd }) => fstatSync(fd).ino);
    add(1, passed[0]);
    add(2);
    add(3, passed[1]);
    expect(out.send(ours)).toBe(3);
    for (const each of passed) each.close();
    expect(into.receive(theirs)).toBe(3);
    expect([0, 1, 2].map((index) => into.view(index).getUint32(0))).toEqual([1, 2, 3]);
    const came = [0, 1, 2].map((index) => into.take(index));
    expect(came.map((each) => each && fstatSync(each.fd).ino)).toEqual([inodes[0], undefined, inodes[1]]);
    expect([0, 1, 2].map((index) => into.take(index))).toEqual([undefined, undefined, undefined]);
    for (const each of came) each?.close();
    expect(into.receive(theirs)).toBe(-errno.EAGAIN);
    close();
    expect(readdirSync('/proc/self/fd').length).toBe(before);
  });

  test('are told of up to the first that has no room, and none of them is lost or sent twice (B2)', () => {
    const { ours, out, add, received, close } = channel();
    const sent: number[] = [];
    let next = 0;
    for (let count = 1; count > 0; ) {
      const numbers = Array.from({ length: MOST_PACKETS }, () => next++);
      for (const number of numbers) add(number);
      count = out.send(ours);
      sent.push(...numbers.slice(0, Math.max(count, 0)));
    }
    expect(sent.length % MOST_PACKETS).not.toBe(0);
    expect(received()).toEqual(sent);
    add(next);
    expect(out.send(ours)).toBe(1);
    expect(received()).toEqual([next]);
    close();
  });

  test('end with one of no bytes when the other end is gone', () => {
    const { ours, theirs, out, into, add } = channel();
    add(7);
    out.send(ours);
    ours.close();
    expect(into.receive(theirs)).toBeGreaterThan(1);
    expect([into.lengthOf(0), into.lengthOf(1)]).toEqual([PACKET_BYTES, 0]);
    theirs.close();
  });
});
