import { XdrWriter } from './xdr-writer.ts';

const CALL = 0;
const RPC_VERSION = 2;
const AUTH_NONE = 0;

export interface Call {
  /** Whoever answers repeats it. */
  readonly xid: number;
  readonly program: number;
  readonly version: number;
  readonly procedure: number;
  readonly args: Uint8Array;
}

/** A call message (RFC 5531, 9), without credentials. */
export function encodeCall({ xid, program, version, procedure, args }: Call): Uint8Array {
  const writer = new XdrWriter().word(xid).word(CALL).word(RPC_VERSION);
  writer.word(program).word(version).word(procedure);
  const [credentials, verifier] = ['', ''];
  writer.word(AUTH_NONE).text(credentials).word(AUTH_NONE).text(verifier);
  return writer.raw(args).finish();
}
