import { itemAt } from '../../model/item-at.ts';

const PART = /^(0x[0-9a-f]{1,8}|0[0-7]*|[1-9][0-9]{0,9})$/i;
/** What is left for the last of so many parts. */
const LAST_LIMITS = [0, 2 ** 32, 2 ** 24, 2 ** 16, 2 ** 8];

function partOf(text: string): number {
  if (!PART.test(text)) return Number.NaN;
  return /^0[0-7]+$/.test(text) ? Number.parseInt(text, 8) : Number(text);
}

/**
 * An address as inet_aton(3) reads it, which is how xinetd does: one to four parts, hexadecimal and octal ones as well,
 * of which the last fills what is left.
 */
export function ipv4Address(text: string): Uint8Array | undefined {
  const parts = text.split('.').map(partOf);
  const last = itemAt(parts, -1);
  const head = parts.slice(0, -1);
  if (!(last < (LAST_LIMITS[parts.length] ?? 0)) || !head.every((part) => part < 256)) return undefined;
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, last);
  for (const [index, part] of head.entries()) bytes[index] = part;
  return bytes;
}
