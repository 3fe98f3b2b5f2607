import { XdrReader } from './xdr-reader.ts';
import { XdrWriter } from './xdr-writer.ts';

/** rpcbind's own program, in the version that RFC 1833 defines last. */
export const RPCBIND = { program: 100_000, version: 4 } as const;

export const PROCEDURES = { set: 1, unset: 2, dump: 4 } as const;

/** `struct rpcb`. Who owns a mapping is for rpcbind to say. */
export interface Mapping {
  readonly program: number;
  readonly version: number;
  readonly netid: string;
  /** The universal address; empty where it does not matter. */
  readonly address: string;
  readonly owner: string;
}

/** More than any of the three strings has: the longest is the path of a unix socket. */
const MOST_TEXT_BYTES = 256;

export function encodeMapping({ program, version, netid, address, owner }: Mapping): Uint8Array {
  return new XdrWriter().word(program).word(version).text(netid).text(address).text(owner).finish();
}

function decodeMapping(reader: XdrReader): Mapping {
  return {
    program: reader.word(),
    version: reader.word(),
    netid: reader.text(MOST_TEXT_BYTES),
    address: reader.text(MOST_TEXT_BYTES),
    owner: reader.text(MOST_TEXT_BYTES),
  };
}

/** `rpcblist_ptr`, what `dump` gives: each after a word that says that there is one. Undefined for what is none. */
export function decodeMappings(results: Uint8Array): readonly Mapping[] | undefined {
  const reader = new XdrReader(results);
  const mappings: Mapping[] = [];
  let follows = reader.word();
  for (; follows === 1 && !reader.isBroken; follows = reader.word()) mappings.push(decodeMapping(reader));
  return reader.isComplete && follows === 0 ? mappings : undefined;
}

/** `bool`, what `set` and `unset` give; undefined for what is none. */
export function decodeBoolean(results: Uint8Array): boolean | undefined {
  const reader = new XdrReader(results);
  const value = reader.word();
  return reader.isComplete && value <= 1 ? value === 1 : undefined;
}
