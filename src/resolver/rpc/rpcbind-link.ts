import type { Socket } from 'node:net';
import { decodeReply, type RpcRefusal } from './decode-reply.ts';
import { encodeCall } from './encode-call.ts';
import { encodeRecord } from './encode-record.ts';
import { RecordReader } from './record-reader.ts';
import { PROCEDURES, RPCBIND } from './rpcb.ts';

/** A list of all mappings; a hundred bytes each are many. */
const MOST_REPLY_BYTES = 1024 * 1024;

/** On one machine it takes less than a millisecond. */
const DEADLINE_MS = 5000;

/** Nothing more can come: without an answer in time, or with one that is none, the link is closed. */
export type LinkEnd = 'ECONNRESET' | 'ETIMEDOUT' | 'EBADMSG';

interface LostCall {
  readonly kind: 'lost';
  readonly code: LinkEnd;
}

/** Why there are no results: rpcbind does not take the call, or the link has ended. */
export type CallFailure = { readonly kind: 'refused'; readonly code: RpcRefusal } | LostCall;

export type CallOutcome = { readonly kind: 'results'; readonly results: Uint8Array } | CallFailure;

interface Pending {
  readonly xid: number;
  finish(outcome: CallOutcome): void;
}

/** A connection to rpcbind, over which one call after the other is made. */
export class RpcbindLink {
  readonly #socket: Socket;
  readonly #after: (delayMs: number, callback: () => void) => () => void;
  readonly #reader = new RecordReader(MOST_REPLY_BYTES);
  #pending: Pending | undefined;
  #lastXid = 0;
  #end: LinkEnd | undefined;
  /** Called once, when it is gone by itself. */
  onGone: () => void = () => {};

  /** Takes a socket that is connected. */
  constructor(socket: Socket, after: (delayMs: number, callback: () => void) => () => void) {
    this.#socket = socket;
    this.#after = after;
    socket.on('data', (bytes) => this.#onData(bytes));
    // After an error there is a close.
    socket.on('error', () => {});
    socket.on('close', () => this.#lose('ECONNRESET'));
  }

  /** To be called again only once it is done. */
  call(procedure: keyof typeof PROCEDURES, args: Uint8Array): Promise<CallOutcome> {
    if (this.#end) return Promise.resolve({ kind: 'lost', code: this.#end });
    this.#lastXid = (this.#lastXid + 1) >>> 0;
    const xid = this.#lastXid;
    return new Promise((done) => {
      const cancel = this.#after(DEADLINE_MS, () => this.#lose('ETIMEDOUT'));
      const finish = (outcome: CallOutcome): void => {
        this.#pending = undefined;
        cancel();
        done(outcome);
      };
      this.#pending = { xid, finish };
      this.#socket.write(
        encodeRecord(encodeCall({ xid, ...RPCBIND, procedure: PROCEDURES[procedure], args })),
      );
    });
  }

  /** A result that its caller cannot read ends the link, too. */
  lose(code: LinkEnd): LostCall {
    this.#lose(code);
    return { kind: 'lost', code };
  }

  close(): void {
    this.onGone = () => {};
    this.#lose('ECONNRESET');
  }

  #onData(bytes: Uint8Array): void {
    const records = this.#reader.push(bytes);
    if (!records) this.#lose('EBADMSG');
    for (const record of records ?? []) this.#onReply(record);
  }

  #onReply(record: Uint8Array): void {
    const reply = decodeReply(record);
    if (!reply || reply.xid !== this.#pending?.xid) this.#lose('EBADMSG');
    else this.#pending.finish(reply);
  }

  #lose(code: LinkEnd): void {
    if (this.#end) return;
    this.#end = code;
    this.#socket.destroy();
    this.#pending?.finish({ kind: 'lost', code });
    this.onGone();
  }
}
