import type { RpcRegistration, RpcState } from '../model/rpc.ts';
import type { RpcRequest } from './protocol.ts';

interface Open {
  readonly registration: RpcRegistration;
  readonly onState: (state: RpcState) => void;
  /** Once it is withdrawn: calls off the deadline. */
  cancel: (() => void) | undefined;
}

function left(code: string | undefined): RpcState {
  return { kind: 'left', why: 'unreachable', code };
}

/** What the dispatcher wants rpcbind to hold, whichever resolver sees to it. */
export class OpenRegistrations {
  readonly #after: (delayMs: number, callback: () => void) => () => void;
  readonly #open = new Map<number, Open>();

  constructor(after: (delayMs: number, callback: () => void) => () => void) {
    this.#after = after;
  }

  add(id: number, registration: RpcRegistration, onState: (state: RpcState) => void): RpcRequest {
    this.#open.set(id, { registration, onState, cancel: undefined });
    return { id, kind: 'register', registration };
  }

  /** Its owner is told the end, `gone` or `left`, after `deadlineMs` at the latest, and nothing else any more. */
  withdraw(id: number, deadlineMs: number): RpcRequest {
    const open = this.#open.get(id);
    if (open) open.cancel = this.#after(deadlineMs, () => this.#finish(id, left('ETIMEDOUT')));
    return { id, kind: 'unregister' };
  }

  has(id: number): boolean {
    return this.#open.has(id);
  }

  /** For a new resolver, which knows of none. */
  requests(): readonly RpcRequest[] {
    return [...this.#open].map(([id, { registration }]) => ({ id, kind: 'register', registration }));
  }

  onState(id: number, state: RpcState): void {
    const open = this.#open.get(id);
    if (state.kind === 'gone' || state.kind === 'left') this.#finish(id, state);
    else if (open && !open.cancel) open.onState(state);
  }

  /** Without a resolver nobody can say whether rpcbind still holds what was withdrawn. */
  onGone(): void {
    for (const [id, { cancel }] of [...this.#open]) if (cancel) this.#finish(id, left(undefined));
  }

  #finish(id: number, state: RpcState): void {
    const open = this.#open.get(id);
    this.#open.delete(id);
    open?.cancel?.();
    open?.onState(state);
  }
}
