import { quote } from '../../config/quote.ts';
import type { Place } from '../../config/source.ts';
import type { PlistNode } from './plist-node.ts';

const INTEGER = /^[ \t\r\n]*([+-]?(?:[0-9]{1,16}|0[xX][0-9A-Fa-f]{1,13}))[ \t\r\n]*$/;
const REAL = /^\s*[+-]?(?:[0-9]*\.?[0-9]+(?:[eE][+-]?[0-9]+)?|[0-9]+\.|nan|inf(?:inity)?)\s*$/i;
const DATE = /^\s*[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z\s*$/;
const DATA = /^[A-Za-z0-9+/=\s]*$/;

function integerNode(text: string, place: Place): PlistNode | { readonly reason: string } {
  const [, digits] = INTEGER.exec(text) ?? [];
  const value = digits === undefined ? Number.NaN : numberOf(digits);
  if (!Number.isSafeInteger(value)) return { reason: `${quote(text.trim())} is no integer` };
  return { type: 'integer', value, place };
}

/** Number() takes no sign before "0x". */
function numberOf(digits: string): number {
  const plain = digits.replace(/^[+-]/, '');
  return digits.startsWith('-') ? -Number(plain) : Number(plain);
}

/** What an element with a text is; a text that it cannot have is told. */
export function textNode(
  { name, text }: { readonly name: string; readonly text: string },
  place: Place,
): PlistNode | { readonly reason: string } {
  switch (name) {
    case 'string':
      return { type: 'string', value: text, place };
    case 'true':
    case 'false':
      return { type: 'boolean', value: name === 'true', place };
    case 'integer':
      return integerNode(text, place);
    case 'real':
      return REAL.test(text) ? { type: 'real', place } : { reason: `${quote(text.trim())} is no number` };
    case 'date':
      return DATE.test(text) ? { type: 'date', place } : { reason: `${quote(text.trim())} is no date` };
    default:
      return DATA.test(text) ? { type: 'data', place } : { reason: 'the data is not in base64' };
  }
}
