import { XdrReader } from './xdr-reader.ts';

const REPLY = 1;
const ACCEPTED = 0;
const DENIED = 1;
/** RFC 5531, 8.2. */
const MOST_VERIFIER_BYTES = 400;

/** `accept_stat` and `reject_stat` of RFC 5531, 9. */
const ACCEPT_STATES = [
  'SUCCESS',
  'PROG_UNAVAIL',
  'PROG_MISMATCH',
  'PROC_UNAVAIL',
  'GARBAGE_ARGS',
  'SYSTEM_ERR',
] as const;
const REJECT_STATES = ['RPC_MISMATCH', 'AUTH_ERROR'] as const;

export type RpcRefusal = Exclude<(typeof ACCEPT_STATES)[number], 'SUCCESS'> | (typeof REJECT_STATES)[number];

export type Reply =
  | { readonly xid: number; readonly kind: 'results'; readonly results: Uint8Array }
  | { readonly xid: number; readonly kind: 'refused'; readonly code: RpcRefusal };

function decodeAccepted(reader: XdrReader, xid: number): Reply | undefined {
  reader.word();
  reader.opaque(MOST_VERIFIER_BYTES);
  const state = ACCEPT_STATES[reader.word()];
  if (reader.isBroken || state === undefined) return undefined;
  return state === 'SUCCESS'
    ? { xid, kind: 'results', results: reader.rest() }
    : { xid, kind: 'refused', code: state };
}

function decodeDenied(reader: XdrReader, xid: number): Reply | undefined {
  const code = REJECT_STATES[reader.word()];
  return reader.isBroken || code === undefined ? undefined : { xid, kind: 'refused', code };
}

/** A reply message (RFC 5531, 9); undefined for what is none. */
export function decodeReply(message: Uint8Array): Reply | undefined {
  const reader = new XdrReader(message);
  const xid = reader.word();
  if (reader.word() !== REPLY) return undefined;
  const state = reader.word();
  if (reader.isBroken) return undefined;
  if (state === ACCEPTED) return decodeAccepted(reader, xid);
  return state === DENIED ? decodeDenied(reader, xid) : undefined;
}
