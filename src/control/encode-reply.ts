import type { Reply } from './messages.ts';
import { PROTOCOL_VERSION } from './protocol.ts';

/** A reply as its maker sees it: the version is that of the protocol. */
export type Unversioned<Each> = Each extends unknown ? Omit<Each, 'zinetd'> : never;

/** A line of the protocol. */
export function encodeReply(reply: Unversioned<Reply>): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify({ zinetd: PROTOCOL_VERSION, ...reply })}\n`);
}
