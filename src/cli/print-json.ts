import { printOut } from './print.ts';
import { printableJson } from './printable-json.ts';

/** For programs, and indented for people all the same. */
export function printJson(value: unknown): void {
  printOut(`${printableJson(JSON.stringify(value, undefined, 2))}\n`);
}
