import { CAPABILITIES, type Capability } from '../../model/capability.ts';
import type { SandboxCall } from '../../model/sandbox.ts';
import { wordAt } from '../../model/word-at.ts';
import { call } from './call.ts';
import { CAPABILITY_VERSION, PR } from './kernel.ts';

const LATE = { isLate: true } as const;

/** Of capset(2): the effective, permitted and inheritable ones, in two halves. */
function capabilityData(kept: readonly number[]): Uint8Array {
  const words = new Uint32Array(6);
  for (const number of kept) {
    const half = 3 * (number >>> 5);
    for (let set = 0; set < 3; set++) words[half + set] = wordAt(words, half + set) | (1 << (number & 31));
  }
  return new Uint8Array(words.buffer);
}

/**
 * The handler has what is named, and nothing can ever give it more: the bounding set is emptied of the rest, and what
 * stays is ambient, so that a program without privileges of its own keeps it (capabilities(7)). `isBounded`: the bounding
 * set is as it should be, or cannot be changed.
 */
export function planCapabilities(
  kept: readonly Capability[],
  { isBounded }: { readonly isBounded: boolean },
): readonly SandboxCall[] {
  const numbers = kept.map((name) => CAPABILITIES.indexOf(name));
  const dropped = isBounded
    ? []
    : CAPABILITIES.flatMap((_, number) => (numbers.includes(number) ? [] : [number]));
  const header = new Uint8Array(new Uint32Array([CAPABILITY_VERSION, 0]).buffer);
  return [
    ...dropped.map((number) => call('prctl', [PR.CAPBSET_DROP, number])),
    ...(numbers.length > 0 ? [call('prctl', [PR.SET_KEEPCAPS, 1])] : []),
    call('capset', [header, capabilityData(numbers)], LATE),
    ...numbers.map((number) => call('prctl', [PR.CAP_AMBIENT, PR.CAP_AMBIENT_RAISE, number, 0, 0], LATE)),
  ];
}
