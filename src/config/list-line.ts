import type { PrefixListBuilder } from '../model/prefix-list.ts';

export const NEWLINE = 0x0a;
export const HASH = 0x23;
export const SEMICOLON = 0x3b;
const DOT = 0x2e;
const SLASH = 0x2f;
const COLON = 0x3a;
const ZERO = 0x30;
const NEVER = -1;
const GROUPS = 8;

/** The text being read, and how far. */
export interface Cursor {
  readonly bytes: Uint8Array;
  at: number;
}

/** What is common to every line, so that none of them makes an object. */
export interface LineContext {
  readonly builder: PrefixListBuilder;
  readonly groups: Uint16Array;
  readonly row: { length: number; value: number };
}

export function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0d;
}

/** Whether nothing but white space and a comment is left of the line. */
function endsLine({ bytes, at }: Cursor): boolean {
  let next = at;
  while (isBlank(bytes[next] ?? NEWLINE)) next += 1;
  const byte = bytes[next] ?? NEWLINE;
  return byte === NEWLINE || byte === HASH || byte === SEMICOLON;
}

/** A decimal number without leading zeros, or NEVER. */
function readDecimal(cursor: Cursor, most: number): number {
  const start = cursor.at;
  let value = 0;
  for (;;) {
    const digit = (cursor.bytes[cursor.at] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
    if (value > most) return NEVER;
    cursor.at += 1;
  }
  const digits = cursor.at - start;
  return digits === 0 || (digits > 1 && cursor.bytes[start] === ZERO) ? NEVER : value;
}

/** `/LENGTH` if there is one; NEVER when it, or what follows, is not right. */
function readLength(cursor: Cursor, most: number): number {
  let length = most;
  if (cursor.bytes[cursor.at] === SLASH) {
    cursor.at += 1;
    length = readDecimal(cursor, most);
  }
  return endsLine(cursor) ? length : NEVER;
}

/** Takes `a.b.c.d` or `a.b.c.d/len`. False: it is something else, or wrong, and nothing was taken. */
export function takeIpv4(cursor: Cursor, { builder, row }: LineContext): boolean {
  let word = 0;
  for (let octet = 0; octet < 4; octet++) {
    if (octet > 0 && cursor.bytes[cursor.at++] !== DOT) return false;
    const value = readDecimal(cursor, 255);
    if (value === NEVER) return false;
    word = word * 256 + value;
  }
  const length = readLength(cursor, 32);
  if (length === NEVER || word % 2 ** (32 - length) !== 0) return false;
  row.length = length;
  builder.addIpv4(word, row);
  return true;
}

/** Up to four hexadecimal digits, or NEVER. */
function readGroup(cursor: Cursor): number {
  let value = 0;
  let digits = 0;
  for (; digits < 5; digits++, cursor.at++) {
    const digit = hexadecimal(cursor.bytes[cursor.at] ?? 0);
    if (digit === NEVER) break;
    value = value * 16 + digit;
  }
  return digits === 0 || digits > 4 ? NEVER : value;
}

function hexadecimal(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : NEVER;
}

/** Fills `groups`; false when this is no IPv6 address without dots. */
function readIpv6(cursor: Cursor, groups: Uint16Array): boolean {
  const { bytes } = cursor;
  let count = 0;
  let gap = NEVER;
  if (bytes[cursor.at] === COLON && bytes[cursor.at + 1] !== COLON) return false;
  while (count <= GROUPS) {
    if (gap === NEVER && bytes[cursor.at] === COLON && bytes[cursor.at + 1] === COLON) {
      gap = count;
      cursor.at += 2;
      if (hexadecimal(bytes[cursor.at] ?? 0) === NEVER) break;
    } else if (count > 0) {
      if (bytes[cursor.at] !== COLON) break;
      cursor.at += 1;
    }
    const group = count < GROUPS ? readGroup(cursor) : NEVER;
    if (group === NEVER) return false;
    groups[count++] = group;
  }
  return spreadGroups(groups, { count, gap });
}

/** Moves what came after `::` to the end. */
function spreadGroups(groups: Uint16Array, { count, gap }: { count: number; gap: number }): boolean {
  if (gap === NEVER) return count === GROUPS;
  if (count >= GROUPS) return false;
  groups.copyWithin(GROUPS - (count - gap), gap, count);
  groups.fill(0, gap, GROUPS - (count - gap));
  return true;
}

function hasHostBits(groups: Uint16Array, length: number): boolean {
  for (let group = length >>> 4; group < GROUPS; group++) {
    const kept = Math.max(0, Math.min(16, length - group * 16));
    if (((groups[group] ?? 0) & (0xffff >>> kept)) !== 0) return true;
  }
  return false;
}

/** Link-local and IPv4-mapped prefixes have rules of their own. */
function isSpecial(groups: Uint16Array): boolean {
  const first = groups[0] ?? 0;
  if (first !== 0) return (first & 0xffc0) === 0xfe80;
  return groups[5] === 0xffff;
}

/** The same for IPv6, with a length or without, and without a dotted tail. */
export function takeIpv6(cursor: Cursor, { builder, groups, row }: LineContext): boolean {
  if (!readIpv6(cursor, groups)) return false;
  const length = readLength(cursor, 128);
  if (length === NEVER || isSpecial(groups) || hasHostBits(groups, length)) return false;
  row.length = length;
  builder.addIpv6(groups, row);
  return true;
}
