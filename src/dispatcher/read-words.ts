import { fstatSync, readSync } from 'node:fs';
import type { Descriptor } from '../native/descriptor.ts';

/** The last of it, which is where programs say why. */
const MOST_BYTES = 16_384;
const MOST_CHARACTERS = 300;
const OWN = /^zinetd: (?!warning: )/;
/** A diagnostic, or what Node says of an exception that nobody caught. */
const TELLING = /^\S.*(error\[|Error\b)/;

/** The one line that tells most of what a program has said before it failed; the descriptor is closed. */
export function readWords(descriptor: Descriptor | undefined): string {
  if (!descriptor) return '';
  const { size } = fstatSync(descriptor.fd);
  const bytes = new Uint8Array(Math.min(size, MOST_BYTES));
  const read = readSync(descriptor.fd, bytes, { position: size - bytes.length });
  descriptor.close();
  const lines = new TextDecoder()
    .decode(bytes.subarray(0, read))
    .split('\n')
    .filter((line) => line.trim() !== '');
  const line = lines.find((it) => OWN.test(it)) ?? lines.find((it) => TELLING.test(it)) ?? lines.at(-1) ?? '';
  return line.replace(OWN, '').trim().slice(0, MOST_CHARACTERS);
}
