import { constants } from 'node:os';
import type { Binding } from '../native/binding.ts';
import type { Descriptor } from '../native/descriptor.ts';
import { errnoName } from '../native/errno.ts';
import { type Poller, WRITABLE } from '../native/poller.ts';

/** What comes of it: the target is the caller's then; or why there is none, in symbolic errno. */
export type AttemptOutcome =
  | { readonly kind: 'connected'; readonly target: Descriptor }
  | { readonly kind: 'failed'; readonly code: string }
  | { readonly kind: 'client_gone' }
  | { readonly kind: 'stopping' };

export interface AttemptOptions {
  readonly binding: Binding;
  readonly poller: Poller;
  /** Watched for a reset, and not read from. */
  readonly client: Descriptor;
  /** Makes the socket, which may still be on its way; calls back once, never at once. */
  readonly open: (callback: (answer: { descriptor: Descriptor } | { code: string }) => void) => void;
  readonly deadlineMs: number;
  /** The target may be on its way: it is tried again after this long where nobody listens; undefined: it is not. */
  readonly retryMs: number | undefined;
  after(delayMs: number, callback: () => void): () => void;
  /** Called once. */
  readonly onOutcome: (outcome: AttemptOutcome) => void;
}

/** A connection to a target, from the wish to the first moment that it can carry bytes. */
export class Attempt {
  readonly #options: AttemptOptions;
  readonly #cancel: () => void;
  #target: Descriptor | undefined;
  #callOffRetry: (() => void) | undefined;
  #isOpen = true;

  constructor(options: AttemptOptions) {
    const { poller, client, after, deadlineMs } = options;
    this.#options = options;
    this.#cancel = after(deadlineMs, () => this.#end({ kind: 'failed', code: 'ETIMEDOUT' }));
    // Nothing but a reset: whoever says no more may still want to hear.
    poller.watch(client, { events: 0, watcher: () => this.#end({ kind: 'client_gone' }) });
    this.#open();
  }

  close(): void {
    this.#end({ kind: 'stopping' });
  }

  #open(): void {
    this.#options.open((answer) => this.#onAnswer(answer));
  }

  #onAnswer(answer: { readonly descriptor: Descriptor } | { readonly code: string }): void {
    if ('code' in answer) this.#failed(answer.code);
    else if (this.#isOpen) this.#await(answer.descriptor);
    else answer.descriptor.close();
  }

  /** A target on this machine is there already: then its client comes ahead of what the target says of it. */
  #await(target: Descriptor): void {
    const { binding, poller } = this.#options;
    this.#target = target;
    if (binding.writable(target.fd) > 0) this.#decide(target);
    else poller.watch(target, { events: WRITABLE, watcher: () => this.#decide(target) });
  }

  /** connect(2): writable means decided, SO_ERROR how. */
  #decide(target: Descriptor): void {
    const error = -this.#options.binding.socketError(target.fd);
    if (error === 0) this.#end({ kind: 'connected', target });
    else if (error !== constants.errno.EINTR) this.#failed(errnoName(error));
  }

  #failed(code: string): void {
    const { poller, after, retryMs } = this.#options;
    if (!this.#isOpen || retryMs === undefined || code !== 'ECONNREFUSED') {
      this.#end({ kind: 'failed', code });
      return;
    }
    if (this.#target) {
      poller.forget(this.#target);
      this.#target.close();
      this.#target = undefined;
    }
    this.#callOffRetry = after(retryMs, () => this.#open());
  }

  #end(outcome: AttemptOutcome): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#cancel();
    this.#callOffRetry?.();
    const { poller, client, onOutcome } = this.#options;
    poller.forget(client);
    if (this.#target) {
      poller.forget(this.#target);
      if (outcome.kind !== 'connected') this.#target.close();
    }
    onOutcome(outcome);
  }
}
