import type { LaunchFailure } from '../events/launch-failure.ts';
import { addressKey } from '../model/address.ts';
import type { Connection } from '../model/connection.ts';
import { NOBODY } from '../model/nobody.ts';
import type { ServicePolicy } from '../model/policy.ts';
import type { Binding } from '../native/binding.ts';
import { type Poller, READABLE } from '../native/poller.ts';
import type { ProxyHeader } from '../proxy-protocol/header.ts';
import { MOST_HEADER_BYTES } from '../proxy-protocol/parse-header.ts';
import type { AcceptGate } from './accept-gate.ts';
import type { Arrived } from './arrived.ts';
import { HeaderReader, type HeaderState } from './header-reader.ts';
import { HeldArrivals } from './held-arrivals.ts';
import { ProxyPlaces } from './proxy-places.ts';
import { trustsProxy } from './trusts-proxy.ts';
import type { World } from './world.ts';

export interface ProxyDoorOptions {
  readonly binding: Binding;
  readonly poller: Poller;
  readonly after: World['after'];
  /** As it is now: a reload may change it while a header is read. */
  policyOf(service: number): ServicePolicy;
  readonly gate: Pick<AcceptGate, 'isHeld' | 'onResumed'>;
  /** Who has come, by what a header says. */
  identify(arrived: Arrived, header: ProxyHeader): Arrived;
  /** Takes the descriptor; the next byte in it is the client's. */
  serve(arrived: Arrived): void;
  onFailed(connection: Connection, failure: LaunchFailure): void;
}

interface Waiting {
  readonly arrived: Arrived;
  readonly reader: HeaderReader;
  cancel: () => void;
}

/** Why a connection ends here besides faults of its header: late, gone, too many of them, or no trust any more. */
const LATE = 'ETIMEDOUT';
const GONE = 'ECONNRESET';
const CROWDED = 'EBUSY';
const UNTRUSTED = 'EPERM';
const STOPPING: LaunchFailure = { step: 'stopping', code: undefined };

/**
 * Connections of proxies until they have said whom they bring (PROXY protocol). Nobody is admitted here and nothing
 * counted: all that is for the client, once it is known. Of others no header is read (S57).
 */
export class ProxyDoor {
  readonly #options: ProxyDoorOptions;
  readonly #scratch = new Uint8Array(MOST_HEADER_BYTES);
  readonly #places = new Map<number, ProxyPlaces<Waiting>>();
  readonly #held: HeldArrivals;

  constructor(options: ProxyDoorOptions) {
    this.#options = options;
    this.#held = new HeldArrivals(options.gate, (arrived) => options.serve(arrived));
  }

  /** Whether a header comes first. */
  isFor({ service, peer }: Connection): boolean {
    return trustsProxy(this.#options.policyOf(service), peer);
  }

  /** As a rule the header is there already, and takes no place. Takes the descriptor. */
  receive(arrived: Arrived): void {
    const reader = new HeaderReader(this.#options.binding, this.#scratch);
    const waiting: Waiting = { arrived, reader, cancel: () => {} };
    const state = reader.read(arrived.descriptor);
    if (state.kind === 'more') this.#wait(waiting);
    else this.#conclude(waiting, state);
  }

  /** Lets go of all that are not served yet. */
  close(): void {
    for (const places of this.#places.values())
      for (const waiting of [...places]) this.#fail(waiting, STOPPING);
    for (const arrived of this.#held.close()) this.#turnOut(arrived, STOPPING);
  }

  #wait(waiting: Waiting): void {
    const { after, poller, policyOf } = this.#options;
    const { connection, descriptor } = waiting.arrived;
    const places = this.#places.get(connection.service) ?? new ProxyPlaces<Waiting>();
    this.#places.set(connection.service, places);
    const displaced = places.enter(waiting, addressKey(connection.peer).join(' '));
    if (displaced) this.#fail(displaced, { step: 'proxy_protocol', code: CROWDED });
    const { proxy } = policyOf(connection.service);
    waiting.cancel = after(proxy?.timeoutMs ?? 0, () =>
      this.#fail(waiting, { step: 'proxy_protocol', code: LATE }),
    );
    poller.watch(descriptor, { events: READABLE, watcher: () => this.#read(waiting) });
  }

  #read(waiting: Waiting): void {
    const state = waiting.reader.read(waiting.arrived.descriptor);
    if (state.kind !== 'more') this.#conclude(waiting, state);
  }

  #conclude(waiting: Waiting, state: HeaderState): void {
    const { arrived } = waiting;
    const code = this.#faultOf(arrived, state);
    if (code !== undefined) this.#fail(waiting, { step: 'proxy_protocol', code });
    else if (state.kind === 'header') {
      this.#leave(waiting);
      this.#held.receive(this.#options.identify(arrived, state.header));
    }
  }

  #faultOf({ connection }: Arrived, state: HeaderState): string | undefined {
    if (state.kind === 'malformed') return state.fault;
    if (state.kind === 'gone') return GONE;
    return this.isFor(connection) ? undefined : UNTRUSTED;
  }

  #fail(waiting: Waiting, failure: LaunchFailure): void {
    const { arrived } = waiting;
    const { connection } = arrived;
    this.#leave(waiting);
    // It has not said whom it brings.
    this.#turnOut({ ...arrived, connection: { ...connection, peer: NOBODY, via: connection.peer } }, failure);
  }

  #turnOut(arrived: Arrived, failure: LaunchFailure): void {
    arrived.descriptor.close();
    this.#options.onFailed(arrived.connection, failure);
  }

  #leave(waiting: Waiting): void {
    const { connection, descriptor } = waiting.arrived;
    waiting.cancel();
    this.#places.get(connection.service)?.leave(waiting);
    this.#options.poller.forget(descriptor);
  }
}
