import type { Prefix } from './prefix.ts';

function numberOf(bytes: Uint8Array): bigint {
  let number = 0n;
  for (const byte of bytes) number = (number << 8n) | BigInt(byte);
  return number;
}

function bytesOf(number: bigint, count: number): Uint8Array {
  const bytes = new Uint8Array(count);
  let left = number;
  for (let index = count - 1; index >= 0; index--, left >>= 8n) bytes[index] = Number(left & 0xffn);
  return bytes;
}

/** How many host bits the largest prefix has that begins with `first` and does not go beyond `last`. */
function hostBitsFrom(
  first: bigint,
  { last, most }: { readonly last: bigint; readonly most: number },
): number {
  let hostBits = 0;
  for (let step = 1n; hostBits < most && (first & step) === 0n; hostBits++) {
    step <<= 1n;
    if (first + step - 1n > last) break;
  }
  return hostBits;
}

/** The fewest prefixes that have exactly the addresses from first to last, which are of one family and in order. */
export function coverRange(first: Uint8Array, last: Uint8Array): readonly Prefix[] {
  const bits = first.length * 8;
  const end = numberOf(last);
  const prefixes: Prefix[] = [];
  for (let next = numberOf(first); next <= end; ) {
    const hostBits = hostBitsFrom(next, { last: end, most: bits });
    prefixes.push({ bytes: bytesOf(next, first.length), length: bits - hostBits });
    next += 1n << BigInt(hostBits);
  }
  return prefixes;
}
