import { byteAt } from '../model/byte-at.ts';
import { type PrefixList, PrefixListBuilder } from '../model/prefix-list.ts';
import { parseAddressNotation } from './address-notation.ts';
import {
  type Cursor,
  HASH,
  isBlank,
  type LineContext,
  NEWLINE,
  SEMICOLON,
  takeIpv4,
  takeIpv6,
} from './list-line.ts';
import type { NotationFault } from './notation-fault.ts';

/** A line that is none of a list. */
export interface ListFault extends NotationFault {
  readonly line: number;
  /** The entry as written, its beginning if it is long. */
  readonly text: string;
}

/** What a file of addresses says. */
export interface ParsedList {
  /** With line numbers, from 1, as values. */
  readonly list: PrefixList;
  /** The first ones. */
  readonly faults: readonly ListFault[];
  /** All, those not kept as well; reading ends at the hundred thousandth. */
  readonly faultCount: number;
}

const MOST_KEPT_FAULTS = 20;
/** Reading ends here: what has so many is no list. */
const MOST_FAULTS = 100_000;
/** A range of 30 characters can be 62 prefixes, so that the size of the file bounds too little. */
const MOST_PREFIXES = 4_194_304;
const MOST_TEXT = 255;
const NOTATION = /^[0-9a-f.:/-]+$/i;

/**
 * Reads one prefix, address or range a line, with comments after `#` or `;`. Names have no place here, and zeros at
 * the end are zeros: `10.1.0.0` is that one address. Linear, and without an object for a line of the usual kind.
 */
export function parseListFile(bytes: Uint8Array): ParsedList {
  const builder = new PrefixListBuilder();
  const context: LineContext = { builder, groups: new Uint16Array(8), row: { length: 0, value: 0 } };
  const cursor: Cursor = { bytes, at: 0 };
  const faults: ListFault[] = [];
  let faultCount = 0;
  for (let line = 1, start = 0; start < bytes.length && faultCount < MOST_FAULTS; line++) {
    const newline = bytes.indexOf(NEWLINE, start);
    const end = newline < 0 ? bytes.length : newline;
    context.row.value = line;
    const fault = builder.count > MOST_PREFIXES ? TOO_MANY : takeLine(cursor, { context, start, end });
    if (fault) faultCount += 1;
    if (fault && faults.length < MOST_KEPT_FAULTS) faults.push({ ...fault, line });
    if (fault === TOO_MANY) break;
    start = end + 1;
  }
  return { list: builder.finish(), faults, faultCount };
}

const TOO_MANY = { text: '', reason: `a list has at most ${MOST_PREFIXES} prefixes` };

interface Line {
  readonly context: LineContext;
  readonly start: number;
  readonly end: number;
}

/** Takes what a line says, or gives what is wrong with it. */
function takeLine(cursor: Cursor, { context, start, end }: Line): Omit<ListFault, 'line'> | undefined {
  const { bytes } = cursor;
  let first = start;
  while (first < end && isBlank(byteAt(bytes, first))) first += 1;
  if (first === end || bytes[first] === HASH || bytes[first] === SEMICOLON) return undefined;
  cursor.at = first;
  if (takeIpv4(cursor, context)) return undefined;
  cursor.at = first;
  if (takeIpv6(cursor, context)) return undefined;
  return takeSlowly(entryText(bytes.subarray(first, end)), context);
}

/** The text before the comment; of a long one enough to be seen as too long. */
function entryText(line: Uint8Array): string {
  const text = new TextDecoder('latin1').decode(line.subarray(0, MOST_TEXT + 1));
  return text.replace(/[#;].*$/s, '').trimEnd();
}

/** Ranges, dotted tails and special addresses; and all that is wrong, to say why. */
function takeSlowly(text: string, { builder, row }: LineContext): Omit<ListFault, 'line'> | undefined {
  if (text.length > MOST_TEXT) return { text, reason: `the text is longer than ${MOST_TEXT} characters` };
  if (text.includes('%')) return { text, reason: 'zones are for entries of the configuration, not of lists' };
  if (!NOTATION.test(text)) return { text, reason: 'a line is ADDRESS, ADDRESS/LENGTH or FIRST-LAST' };
  const prefixes = parseAddressNotation(text);
  if ('reason' in prefixes) return { text, ...prefixes };
  for (const prefix of prefixes) builder.add(prefix, row.value);
  return undefined;
}
