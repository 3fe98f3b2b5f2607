import { parseAddress } from '../model/address.ts';
import { clientHeader } from './client-header.ts';
import type { HeaderParse } from './header.ts';
import { malformed } from './malformed.ts';

/** With its end, as the specification has it (2.1): UNKNOWN with two IPv6 addresses in full. */
export const MOST_V1_BYTES = 107;

const CR = 0x0d;
const LF = 0x0a;
const UNKNOWN = 'PROXY UNKNOWN';
const ADDRESS_BYTES: ReadonlyMap<string, number> = new Map([
  ['TCP4', 4],
  ['TCP6', 16],
]);

/** Where CRLF is. Neither of both may stand alone. */
function findEnd(bytes: Uint8Array): number | 'more' | 'none' {
  const at = bytes.findIndex((byte) => byte === CR || byte === LF);
  if (at < 0) return 'more';
  if (bytes[at] === LF) return 'none';
  if (at + 1 === bytes.length) return 'more';
  return bytes[at + 1] === LF ? at : 'none';
}

/** Decimal without zeros ahead of it. */
function parsePort(text: string): number | undefined {
  const port = /^(0|[1-9]\d{0,4})$/.test(text) ? Number(text) : Number.NaN;
  return port <= 65_535 ? port : undefined;
}

function addressOf(text: string, length: number | undefined): Uint8Array | undefined {
  const bytes = parseAddress(text);
  return bytes?.length === length ? bytes : undefined;
}

function parseLine(line: string, length: number): HeaderParse {
  // Whatever stands behind UNKNOWN is to be ignored.
  if (line === UNKNOWN || line.startsWith(`${UNKNOWN} `))
    return { kind: 'header', header: { kind: 'own' }, length };
  const [, protocol = '', from = '', to = '', fromPort = '', toPort = '', ...rest] = line.split(' ');
  if (!ADDRESS_BYTES.has(protocol) || toPort === '' || rest.length > 0) return malformed('bad_line');
  const source = addressOf(from, ADDRESS_BYTES.get(protocol));
  const destination = addressOf(to, ADDRESS_BYTES.get(protocol));
  const sourcePort = parsePort(fromPort);
  const destinationPort = parsePort(toPort);
  if (sourcePort === undefined || destinationPort === undefined) return malformed('bad_port');
  const header =
    source &&
    destination &&
    clientHeader({ bytes: source, port: sourcePort }, { bytes: destination, port: destinationPort });
  return header ? { kind: 'header', header, length } : malformed('bad_address');
}

/** A line of text that begins with `PROXY `. */
export function parseV1(bytes: Uint8Array): HeaderParse {
  const end = findEnd(bytes.subarray(0, MOST_V1_BYTES));
  if (end === 'none') return malformed('bad_line');
  if (end === 'more') return bytes.length < MOST_V1_BYTES ? { kind: 'more' } : malformed('too_long');
  return parseLine(Buffer.from(bytes.subarray(0, end)).toString('latin1'), end + 2);
}
