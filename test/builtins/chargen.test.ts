import { expect, test } from 'vitest';
import { chargenBytes, talkChargen } from '../../src/builtins/chargen.ts';

const lines = (bytes: Uint8Array): readonly string[] => Buffer.from(bytes).toString('latin1').split('\r\n');

test('chargen says lines of 72 printing characters, each beginning one further than the last (RFC 864)', () => {
  const all = lines(chargenBytes(0, 96 * 74));
  expect(all.at(-1)).toBe('');
  expect(all).toHaveLength(97);
  expect(all[0]).toBe(' !"#$%&\'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefg');
  expect(all[1]?.startsWith('!"#')).toBe(true);
  expect(all[94]?.startsWith('~ !"')).toBe(true);
  expect(all[95]).toBe(all[0]);
  expect(all.slice(0, -1).every((line) => /^[ -~]{72}$/.test(line))).toBe(true);
});

test('chargen goes on where it was', () => {
  const talk = talkChargen();
  const said = Array.from({ length: 5 }, () => Buffer.from(talk.next() as Uint8Array));
  expect(Buffer.concat(said)).toEqual(Buffer.from(chargenBytes(0, 5 * 28 * 74)));
});
