import { connect, type Socket } from 'node:net';
import type { Answer, ControlFailure } from './control-failure.ts';
import type { MethodName, Methods, Reply } from './messages.ts';
import { parseReply } from './parse-reply.ts';
import { PROTOCOL_VERSION } from './protocol.ts';
import { readReply } from './read-reply.ts';
import { ReplyLines } from './reply-lines.ts';

/** Calls back once, unless what it gives is called before. */
export type StartTimer = (afterMs: number, callback: () => void) => () => void;

export interface Question<Name extends MethodName> {
  readonly params: Methods[Name]['params'];
  readonly onItem?: ((item: Methods[Name]['item']) => void) | undefined;
  /** How long to wait, for the answer or for the next item; without it, as long as the connection lasts. */
  readonly deadlineMs?: number | undefined;
}

interface Waiting {
  take(reply: Reply): void;
  fail(failure: ControlFailure): void;
}

/** The side of a control socket that asks. */
export class ControlClient {
  readonly #socket: Socket;
  readonly #startTimer: StartTimer;
  readonly #lines = new ReplyLines();
  readonly #waiting = new Map<number, Waiting>();
  readonly #onEnd = new Set<() => void>();
  #last = 0;
  #failure: ControlFailure | undefined;

  constructor(path: string, startTimer: StartTimer) {
    this.#startTimer = startTimer;
    this.#socket = connect(path);
    this.#socket.on('data', (chunk) => this.#receive(chunk));
    this.#socket.on('error', ({ syscall, code = 'EIO' }: NodeJS.ErrnoException) =>
      this.#end(syscall === 'connect' ? { kind: 'unreachable', code } : { kind: 'gone' }),
    );
    this.#socket.on('close', () => this.#end({ kind: 'gone' }));
  }

  /** Asks for one thing; several questions may be under way. */
  ask<Name extends MethodName>(
    method: Name,
    question: Question<Name>,
  ): Promise<Answer<Methods[Name]['result']>> {
    if (this.#failure) return Promise.resolve({ kind: 'failure', failure: this.#failure });
    const id = ++this.#last;
    const request = { zinetd: PROTOCOL_VERSION, id, method, params: question.params };
    this.#socket.write(`${JSON.stringify(request)}\n`);
    return new Promise((resolve) => {
      const waiting = this.#wait(method, question, (answer) => {
        this.#waiting.delete(id);
        resolve(answer);
      });
      this.#waiting.set(id, waiting);
    });
  }

  /** Comes when the connection has ended, by whomever. */
  ended(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#failure) resolve();
      else this.#onEnd.add(resolve);
    });
  }

  close(): void {
    this.#end({ kind: 'gone' });
  }

  #wait<Name extends MethodName>(
    method: Name,
    { onItem, deadlineMs }: Question<Name>,
    settle: (answer: Answer<Methods[Name]['result']>) => void,
  ): Waiting {
    let stopTimer = (): void => {};
    const startTimer = (): void => {
      if (deadlineMs === undefined) return;
      const failure = { kind: 'silent', afterMs: deadlineMs } as const;
      stopTimer = this.#startTimer(deadlineMs, () => settle({ kind: 'failure', failure }));
    };
    startTimer();
    const take = (reply: Reply): void => {
      stopTimer();
      const read = readReply(method, reply);
      if (read.kind !== 'item') {
        settle(read);
        return;
      }
      startTimer();
      onItem?.(read.item);
    };
    const fail = (failure: ControlFailure): void => {
      stopTimer();
      settle({ kind: 'failure', failure });
    };
    return { take, fail };
  }

  #receive(chunk: Buffer): void {
    const lines = this.#lines.take(chunk);
    for (const line of lines ?? []) this.#takeLine(line);
    if (lines === undefined) this.#end({ kind: 'foreign' });
  }

  #takeLine(line: string): void {
    const reply = parseReply(line);
    if (reply === undefined) this.#end({ kind: 'foreign' });
    // An answer that came too late has nobody to wait for it.
    else if (reply.id !== null) this.#waiting.get(reply.id)?.take(reply);
    else if ('error' in reply) this.#end({ kind: 'refused', ...reply.error });
  }

  #end(failure: ControlFailure): void {
    if (this.#failure) return;
    this.#failure = failure;
    this.#socket.destroy();
    for (const waiting of [...this.#waiting.values()]) waiting.fail(failure);
    for (const callback of this.#onEnd) callback();
  }
}
