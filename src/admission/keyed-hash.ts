import { wordAt } from '../model/word-at.ts';

/** 32 bits out of a few words. */
export type KeyedHash = (words: Uint32Array) => number;

/** Rounds after the last word. */
const FINAL_ROUNDS = 3;

/**
 * HalfSipHash-1-3 with a key of two words, which is what Linux hashes the keys of its own tables with on 32-bit
 * machines. Peers choose their addresses; without the key, which is random for each process, they cannot choose
 * ones that meet in a table (S78). Allocates nothing.
 *
 * The rounds of the message and those of the end are one loop: the latter take in zeros, which change nothing.
 */
export function keyedHash(key: Uint32Array): KeyedHash {
  const [k0 = 0, k1 = 0] = key;
  return (words) => {
    const count = words.length;
    let v0 = k0;
    let v1 = k1;
    let v2 = k0 ^ 0x6c796765;
    let v3 = k1 ^ 0x74656462;
    for (let step = 0; step <= count + FINAL_ROUNDS; step++) {
      const end = step === count ? (count * 4) << 24 : 0;
      const word = step < count ? wordAt(words, step) : end;
      if (step === count + 1) v2 ^= 0xff;
      v3 ^= word;
      v0 = (v0 + v1) | 0;
      v1 = rotate(v1, 5) ^ v0;
      v0 = rotate(v0, 16);
      v2 = (v2 + v3) | 0;
      v3 = rotate(v3, 8) ^ v2;
      v0 = (v0 + v3) | 0;
      v3 = rotate(v3, 7) ^ v0;
      v2 = (v2 + v1) | 0;
      v1 = rotate(v1, 13) ^ v2;
      v2 = rotate(v2, 16);
      v0 ^= word;
    }
    return (v1 ^ v3) >>> 0;
  };
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}
