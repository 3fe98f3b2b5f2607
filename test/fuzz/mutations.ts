import fc from 'fast-check';
import type { FuzzTarget } from './target.ts';

const MOST_BYTES = 65_536;
const BYTES = [0, 1, 9, 10, 13, 0x20, 0x22, 0x27, 0x23, 0x5c, 0x7f, 0x80, 0xc3, 0xff];
const NUMBERS = [
  '0',
  '-1',
  '1',
  '255',
  '256',
  '65535',
  '65536',
  '2147483648',
  '4294967296',
  '1e9',
  '00',
  '0x1',
];

/** What is done to a seed, written one character for each byte. `at` is anywhere in it: of as many as there are. */
type Change = (text: string) => string;

function place(at: number, text: string): number {
  return at % (text.length + 1);
}

/** The n-th of what a pattern finds, put otherwise. */
function replaceNth(text: string, pattern: RegExp, at: number, put: (found: string) => string): string {
  const found = [...text.matchAll(pattern)];
  const match = found[at % Math.max(found.length, 1)];
  if (!match) return text;
  return text.slice(0, match.index) + put(match[0]) + text.slice(match.index + match[0].length);
}

function splice(text: string, { at, count, put }: { at: number; count: number; put: string }): string {
  const start = place(at, text);
  return text.slice(0, start) + put + text.slice(start + count);
}

function changesOf(seeds: readonly string[], words: readonly string[]): fc.Arbitrary<Change> {
  const at = fc.nat(MOST_BYTES);
  const count = fc.oneof(fc.nat(4), fc.nat(64));
  const word = words.length === 0 ? fc.constant('') : fc.constantFrom(...words);
  const seed = fc.constantFrom(...seeds);
  const piece = fc.tuple(seed, at, fc.nat(200)).map(([text, from, length]) => {
    const start = place(from, text);
    return text.slice(start, start + length);
  });
  return fc.oneof(
    fc.tuple(at, fc.nat(7)).map<Change>(([where, bit]) => (text) => {
      const code = text.charCodeAt(place(where, text)) || 0;
      return splice(text, { at: where, count: 1, put: String.fromCharCode((code ^ (1 << bit)) & 0xff) });
    }),
    fc.tuple(at, fc.oneof(fc.constantFrom(...BYTES), fc.nat(255)), fc.boolean()).map<Change>(
      ([where, byte, over]) =>
        (text) =>
          splice(text, { at: where, count: Number(over), put: String.fromCharCode(byte) }),
    ),
    fc.tuple(at, count).map<Change>(
      ([where, length]) =>
        (text) =>
          splice(text, { at: where, count: length, put: '' }),
    ),
    fc.tuple(at, count, fc.integer({ min: 2, max: 9 })).map<Change>(([where, length, times]) => (text) => {
      const start = place(where, text);
      return splice(text, { at: where, count: 0, put: text.slice(start, start + length).repeat(times) });
    }),
    fc.tuple(at, word).map<Change>(
      ([where, put]) =>
        (text) =>
          splice(text, { at: where, count: 0, put }),
    ),
    fc.tuple(at, fc.oneof(word, piece)).map<Change>(
      ([where, put]) =>
        (text) =>
          replaceNth(text, /[\w.-]+/g, where, () => put),
    ),
    fc.tuple(at, fc.constantFrom(...NUMBERS)).map<Change>(
      ([where, put]) =>
        (text) =>
          replaceNth(text, /\d+/g, where, () => put),
    ),
    fc.tuple(at, piece, count).map<Change>(
      ([where, put, length]) =>
        (text) =>
          splice(text, { at: where, count: length, put }),
    ),
    fc.tuple(at, fc.constantFrom(0, 2)).map<Change>(
      ([where, times]) =>
        (text) =>
          replaceNth(text, /[^\n]*\n/g, where, (line) => line.repeat(times)),
    ),
    fc.tuple(at, at).map<Change>(([from, where]) => (text) => {
      const lines = text.split('\n');
      const [line = ''] = lines.splice(from % lines.length, 1);
      lines.splice(where % (lines.length + 1), 0, line);
      return lines.join('\n');
    }),
    { weight: 1, arbitrary: at.map<Change>((where) => (text) => text.slice(0, place(where, text))) },
  );
}

/** Seeds of a target with some changes: structure that holds for most of it, and faults where nobody thought of them. */
export function mutated({ seeds, words }: FuzzTarget): fc.Arbitrary<Uint8Array> {
  const written = seeds().map((seed) => Buffer.from(seed).toString('latin1'));
  const changes = fc.array(changesOf(written, words), { maxLength: 6 });
  return fc.tuple(fc.constantFrom(...written), changes).map(([seed, list]) =>
    Buffer.from(
      list.reduce((text, change) => change(text).slice(0, MOST_BYTES), seed),
      'latin1',
    ),
  );
}
