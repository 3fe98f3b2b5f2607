import { constants } from 'node:os';
import { expect, test } from 'vitest';
import type { Binding } from '../../src/native/binding.ts';
import { hostNames } from '../../src/native/host-names.ts';
import { loadBinding } from '../../src/native/load.ts';

const NUMBERS: Readonly<Record<string, readonly number[]>> = {
  loopback: [127, 0, 0, 0],
  office: [10, 1, 0, 0],
  odd: [192, 0, 2, 1],
  default: [0, 0, 0, 0],
};

/** The addon on a machine with a networks(5) of ours. */
function names() {
  const network = (name: string, octets: Uint8Array): number => {
    if (name === 'slow') return -constants.errno.EAGAIN;
    const number = NUMBERS[name];
    octets.set(number ?? []);
    return number === undefined ? 0 : 1;
  };
  return hostNames({ ...loadBinding(), network } as Binding);
}

test('a network has the addresses that its number begins, and "default" none (FEATURES 2.5)', () => {
  const { findNetwork } = names();
  const found = ['loopback', 'office', 'odd', 'default', 'nowhere'].map((name) => findNetwork(name));
  expect(found.map((it) => it && [it.bytes.join('.'), it.length])).toEqual([
    ['127.0.0.0', 8],
    ['10.1.0.0', 16],
    ['192.0.2.1', 32],
    undefined,
    undefined,
  ]);
});

test('a look-up of a network that fails is not one that finds nothing (S25)', () => {
  expect(() => names().findNetwork('slow')).toThrow(/EAGAIN/);
});

test('an interface has an index while it exists (S50)', () => {
  const { findInterface } = names();
  expect([findInterface('lo'), findInterface('no-such-link')]).toEqual([1, undefined]);
});
