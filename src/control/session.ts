import { InvariantError } from '../model/errors.ts';
import type { Access, Call, Handlers } from './call.ts';
import { describeParamsFault } from './describe-params-fault.ts';
import { encodeReply, type Unversioned } from './encode-reply.ts';
import { LineBuffer } from './line-buffer.ts';
import type { ErrorCode, MethodName, Methods, Reply, Request } from './messages.ts';
import { parseRequest } from './parse-request.ts';
import { METHODS, MOST_REQUEST_BYTES } from './protocol.ts';

/** Requests of one client that are not answered yet. */
const MOST_OPEN = 16;

/** How a request ended: `done`, or what the client was told. */
export type CallOutcome = 'done' | ErrorCode;

export interface SessionOptions {
  readonly access: Access;
  readonly handlers: Handlers;
  /** On its way to the client. */
  readonly send: (line: Uint8Array) => void;
  /** Whether the client has not too much to read already: what goes on then leaves items out. */
  readonly hasRoom: () => boolean;
  readonly onAnswered: (request: Request, outcome: CallOutcome) => void;
}

interface OpenCall {
  /** What to do if the client leaves. */
  readonly callbacks: (() => void)[];
}

function isMethod(name: string): name is MethodName {
  return Object.hasOwn(METHODS, name);
}

/** One client of the control socket: bytes come in, requests are carried out in their order, lines go out. */
export class Session {
  readonly #options: SessionOptions;
  readonly #lines = new LineBuffer();
  /** Requests that are not answered yet. */
  readonly #open = new Set<OpenCall>();
  #hasLeft = false;

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  take(bytes: Uint8Array): void {
    this.#lines.take(bytes);
  }

  /** Whether `next` has something to do: a request, or the end of one who sends none. */
  get hasNext(): boolean {
    return this.#lines.hasLine || this.#lines.lineBytes > MOST_REQUEST_BYTES;
  }

  /** Whether the client is in the middle of a request. */
  get isHalf(): boolean {
    return !this.#lines.hasLine && this.#lines.lineBytes > 0;
  }

  /** Whether anything is left to be answered. */
  get isWorking(): boolean {
    return this.#open.size > 0;
  }

  /** Carries out one request; false: the client sends something else, was told, and is to be let go. */
  next(): boolean {
    if (this.#lines.lineBytes > MOST_REQUEST_BYTES) return this.#fault('it is too long');
    const line = this.#lines.next();
    if (!line) return true;
    const request = parseRequest(line);
    if ('reason' in request) return this.#fault(request.reason);
    this.#serve(request);
    return true;
  }

  /** The client is gone. */
  leave(): void {
    this.#hasLeft = true;
    for (const { callbacks } of this.#open) for (const callback of callbacks) callback();
    this.#open.clear();
  }

  #fault(reason: string): false {
    this.#send({ id: null, error: { code: 'protocol', message: `Cannot read a request: ${reason}` } });
    return false;
  }

  #serve(request: Request): void {
    const { method } = request;
    if (!isMethod(method))
      this.#refuse(request, { code: 'unknown-method', reason: 'there is no such method' });
    else if (METHODS[method].access === 'admin' && this.#options.access === 'read')
      this.#refuse(request, { code: 'not-permitted', reason: 'this socket tells and changes nothing' });
    else if (this.#open.size >= MOST_OPEN)
      this.#refuse(request, { code: 'busy', reason: `${MOST_OPEN} others of yours are not answered yet` });
    else this.#call(method, request);
  }

  #call<Name extends MethodName>(name: Name, request: Request): void {
    const parsed = METHODS[name].params.safeParse(request.params ?? {});
    if (parsed.success) this.#options.handlers[name](this.#begin(request, parsed.data));
    else this.#refuse(request, { code: 'invalid-params', reason: describeParamsFault(parsed.error.issues) });
  }

  #begin<Name extends MethodName>(request: Request, params: Methods[Name]['params']): Call<Name> {
    const { access, hasRoom } = this.#options;
    const { id } = request;
    const open: OpenCall = { callbacks: [] };
    let isAnswered = false;
    this.#open.add(open);
    const answer = (outcome: CallOutcome): void => {
      if (isAnswered) throw new InvariantError(`Answered a request "${request.method}" twice`);
      isAnswered = true;
      this.#open.delete(open);
      this.#options.onAnswered(request, outcome);
    };
    return {
      ...{ params, access },
      hasRoom,
      item: (item) => this.#send({ id, item }),
      result: (result) => {
        answer('done');
        this.#send({ id, result });
      },
      error: (code, message) => {
        answer(code);
        this.#send({ id, error: { code, message } });
      },
      whenLeft: (callback) => open.callbacks.push(callback),
    };
  }

  #refuse(request: Request, { code, reason }: { readonly code: ErrorCode; readonly reason: string }): void {
    this.#options.onAnswered(request, code);
    const message = `Cannot call ${JSON.stringify(request.method)}: ${reason}`;
    this.#send({ id: request.id, error: { code, message } });
  }

  #send(reply: Unversioned<Reply>): void {
    if (!this.#hasLeft) this.#options.send(encodeReply(reply));
  }
}
