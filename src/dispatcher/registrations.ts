import type { Bus } from '../events/bus.ts';
import type { ServicePolicy } from '../model/policy.ts';
import type { RpcState } from '../model/rpc.ts';
import type { ResolverClient } from '../resolver/client.ts';
import { type Opened, type PlannedRegistration, planRegistrations } from './plan-registrations.ts';

/** An rpcbind on this machine takes less than a millisecond; a stop waits no longer. */
const UNREGISTER_MS = 1000;

interface Options {
  readonly bus: Bus;
  readonly resolver: Pick<ResolverClient, 'register' | 'unregister'>;
  /** Of the policy in force; none before the first. */
  readonly services: () => readonly ServicePolicy[];
}

function keyOf({ service, local }: Opened): string {
  return `${service} ${local.scheme} ${local.address.family}`;
}

/** Has rpcbind know the services of RPC for as long as they listen. */
export class Registrations {
  readonly #options: Options;
  /** One for each service, transport and family. */
  readonly #opened = new Map<string, Opened>();
  /** What is registered, by what it is: the number that takes it back. */
  readonly #ids = new Map<string, number>();
  /** What was taken back and has not ended yet. */
  readonly #leaving = new Set<number>();
  #onIdle: (() => void) | undefined;

  constructor(options: Options) {
    this.#options = options;
    options.bus.subscribe((event) => {
      if (event.type === 'listening') this.#onListening(event);
      else if (event.type === 'closed') this.#onClosed(event);
    });
  }

  /** Everything that was taken back has ended. */
  get isIdle(): boolean {
    return this.#leaving.size === 0;
  }

  /** Brings rpcbind up to the policy in force: what goes makes room for what comes. */
  look(): void {
    const planned = planRegistrations(this.#options.services(), this.#opened.values());
    const wanted = new Map(planned.map((it) => [JSON.stringify(it), it]));
    for (const [key, id] of this.#ids) if (!wanted.has(key)) this.#withdraw(key, id);
    for (const [key, it] of wanted) if (!this.#ids.has(key)) this.#register(key, it);
  }

  /** Takes everything back; calls back once that has ended, one way or the other. */
  close(done: () => void): void {
    this.#opened.clear();
    this.#onIdle = done;
    for (const [key, id] of this.#ids) this.#withdraw(key, id);
    this.#tellIdle();
  }

  /** Calls back once nothing that was taken back is under way any more. */
  whenIdle(done: () => void): void {
    this.#onIdle = done;
    this.#tellIdle();
  }

  #onListening({ service, local }: Opened): void {
    this.#opened.set(keyOf({ service, local }), { service, local });
    if (this.#options.services().some(({ name, rpc }) => rpc && name === service)) this.look();
  }

  #onClosed(opened: Opened): void {
    if (this.#opened.delete(keyOf(opened))) this.look();
  }

  #register(key: string, about: PlannedRegistration): void {
    const onState = (state: RpcState): void => this.#onState(state, { ...about, id });
    const id = this.#options.resolver.register(about.registration, onState);
    this.#ids.set(key, id);
  }

  #withdraw(key: string, id: number): void {
    this.#ids.delete(key);
    this.#leaving.add(id);
    this.#options.resolver.unregister(id, UNREGISTER_MS);
  }

  #onState(state: RpcState, { id, ...about }: PlannedRegistration & { readonly id: number }): void {
    const { bus } = this.#options;
    if (state.kind === 'registered') bus.emit({ type: 'rpc-registered', ...about });
    else if ('why' in state) {
      const action = state.kind === 'left' ? 'unregister' : 'register';
      bus.emit({ type: 'rpc-failed', ...about, action, why: state.why, code: state.code });
    }
    if (state.kind === 'gone' || state.kind === 'left') this.#leaving.delete(id);
    this.#tellIdle();
  }

  #tellIdle(): void {
    const onIdle = this.isIdle ? this.#onIdle : undefined;
    if (onIdle) this.#onIdle = undefined;
    onIdle?.();
  }
}
