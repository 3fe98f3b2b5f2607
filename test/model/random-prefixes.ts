import { type Prefix, prefixOf } from '../../src/model/prefix.ts';

/** 32 random bits, the same sequence for the same seed (mulberry32). */
export function randomWords(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let word = Math.imul(state ^ (state >>> 15), 1 | state);
    word = (word + Math.imul(word ^ (word >>> 7), 61 | word)) ^ word;
    return (word ^ (word >>> 14)) >>> 0;
  };
}

/** Any address but a link-local one, whose keys are not what is on the wire, or a mapped one. */
export function randomAddress(word: () => number): Uint8Array {
  const bytes = new Uint8Array(word() % 2 === 0 ? 4 : 16);
  for (let at = 0; at < bytes.length; at++) bytes[at] = word() & 0xff;
  if (bytes.length === 16 && bytes[0] === 0xfe) bytes[0] = 0x20;
  return bytes;
}

function flipBit(bytes: Uint8Array, bit: number): Uint8Array {
  const flipped = Uint8Array.from(bytes);
  flipped[bit >>> 3] = (flipped[bit >>> 3] ?? 0) ^ (0x80 >>> (bit & 7));
  return flipped;
}

/** Of every length: new ones, and ones that hold, are in, are next to or are the same as one before. */
export function randomPrefixes(word: () => number, count: number): readonly Prefix[] {
  const prefixes: Prefix[] = [];
  while (prefixes.length < count) {
    const known = prefixes[word() % (prefixes.length + 1)];
    const bytes = known === undefined ? randomAddress(word) : near(known, word);
    const bits = bytes.length * 8;
    const length = known !== undefined && word() % 4 === 0 ? known.length : word() % (bits + 1);
    const prefix = prefixOf(bytes, length);
    if (!isSpecial(prefix)) prefixes.push(prefix);
  }
  return prefixes;
}

function isSpecial({ bytes }: Prefix): boolean {
  return bytes.length === 16 && (bytes[0] === 0xfe || (bytes[10] === 0xff && bytes[11] === 0xff));
}

/** An address in the prefix, just outside of it, or its first or last one. */
export function near(prefix: Prefix, word: () => number): Uint8Array {
  const extreme = [0x00, 0xff, word() & 0xff][word() % 3] ?? 0;
  const inside = prefix.bytes.map((byte, at) => {
    const free = Math.max(0, Math.min(8, (at + 1) * 8 - prefix.length));
    return byte | (extreme & (0xff >>> (8 - free)));
  });
  if (word() % 3 > 0 || prefix.length === 0) return inside;
  return flipBit(inside, prefix.length - 1 - (word() % Math.min(prefix.length, 3)));
}
