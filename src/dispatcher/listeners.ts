import type { ListenerState } from '../events/service-state.ts';
import type { SpawnerEvent } from '../launch/spawner-event.ts';
import type { LiveListener } from '../listeners/live-listener.ts';
import { SyscallError } from '../model/errors.ts';
import type { ListenPlace } from '../model/listen-address.ts';
import type { Descriptor } from '../native/descriptor.ts';
import { errnoName } from '../native/errno.ts';
import { configuredListener } from './configured-listener.ts';
import { policyOf } from './floor.ts';
import { openListener } from './open-listener.ts';
import type { ListenerParts } from './opening.ts';
import { Reopener } from './reopener.ts';
import type { Rules } from './rules.ts';

/** Whose it is, and where it really listens. */
function describeListener(rules: Rules, listener: LiveListener): { service: string; local: ListenPlace } {
  const { name: service, configured } = configuredListener(rules, listener.row);
  const { scheme, address } = configured;
  return { service, local: { scheme, address: address.family === 'path' ? address : listener.local() } };
}

/** Of a listener that could not be opened. */
interface Failure {
  readonly row: number;
  readonly code: string;
  readonly retryMs: number | undefined;
}

/** All sockets that services are reached by, by their rows. */
export class Listeners {
  readonly #parts: ListenerParts;
  readonly #byRow = new Map<number, LiveListener>();
  readonly #reopener: Reopener;
  /** Failures ahead of the start. */
  #untold: Failure[] = [];
  #isStarted = false;
  #isClosed = false;

  constructor(parts: ListenerParts) {
    this.#parts = parts;
    this.#reopener = new Reopener({
      after: (delayMs, callback) => parts.floor().world.after(delayMs, callback),
      open: (row) => parts.floor().link.send({ type: 'open', listener: row }),
    });
  }

  /** What the spawner says of one: at the hand-over, and whenever it was asked to open one. */
  take({ service: row, errno }: SpawnerEvent, descriptor: Descriptor | undefined): void {
    // A reload was quicker than the answer to what was asked before it.
    if (this.#isClosed || !this.#parts.floor().rules.rows.has(row)) descriptor?.close();
    else if (!descriptor) this.notOpened(row, errno === 0 ? 'EMFILE' : errnoName(errno));
    else if (this.#byRow.has(row)) this.#renew(row, descriptor);
    else this.#open(row, descriptor);
  }

  /** The spawner could not, or would not, open one. */
  notOpened(row: number, code: string): void {
    if (this.#isClosed || !this.#parts.floor().rules.rows.has(row)) return;
    const listener = this.#byRow.get(row);
    if (listener) {
      listener.renewFailed?.(code);
      return;
    }
    const { isWorthTelling, retryMs } = this.#reopener.failed(row, code);
    if (!isWorthTelling) return;
    if (this.#isStarted) this.#tellFailed({ row, code, retryMs });
    else this.#untold.push({ row, code, retryMs });
  }

  #tellFailed({ row, code, retryMs }: Failure): void {
    const { bus, rules } = this.#parts.floor();
    const { name, configured: local } = configuredListener(rules, row);
    bus.emit({ type: 'listen-failed', service: name, local, code, retryMs });
  }

  /** The sockets of each service, those that could not be opened as well. */
  states(): ReadonlyMap<number, readonly ListenerState[]> {
    const { rules } = this.#parts.floor();
    const states = new Map<number, ListenerState[]>();
    for (const [row, { service, configured }] of rules.rows) {
      const own = states.get(service) ?? [];
      states.set(service, own);
      const listener = this.#byRow.get(row);
      if (!listener)
        own.push({ local: configured, isOpen: false, pauses: [], code: this.#reopener.codeOf(row) });
      else {
        const { local } = describeListener(rules, listener);
        own.push({ local, isOpen: true, pauses: [...listener.pauses], code: undefined });
      }
    }
    return states;
  }

  /** A handler that is there already has the listener of a row, until the function that this gives is called. */
  hold(row: number): () => void {
    return this.#byRow.get(row)?.hold?.() ?? (() => {});
  }

  get isStarted(): boolean {
    return this.#isStarted;
  }

  /** Announces and polls all that are open. Not one of a service, though there are services: then all was in vain, and it ends. */
  start(): 'serving' | 'in vain' {
    this.#isStarted = true;
    const floor = this.#parts.floor();
    const listeners = [...this.#byRow.values()];
    const isServed = listeners.some(({ service }) => policyOf(floor, service).desk === undefined);
    const isInVain = !isServed && floor.rules.policy.services.length > 0;
    for (const failure of this.#untold)
      this.#tellFailed(isInVain ? { ...failure, retryMs: undefined } : failure);
    this.#untold = [];
    for (const listener of listeners) this.#begin(listener);
    return isInVain ? 'in vain' : 'serving';
  }

  /** Other rules are in force: lets go of what is no listener of theirs. `before` are those until now. */
  look(before: Rules): void {
    const { bus, rules } = this.#parts.floor();
    for (const row of before.rows.keys()) if (!rules.rows.has(row)) this.#reopener.opened(row);
    for (const listener of [...this.#byRow.values()].filter(({ row }) => !rules.rows.has(row))) {
      const about = describeListener(before, listener);
      this.#byRow.delete(listener.row);
      this.#parts.gate.remove(listener);
      listener.close();
      this.#parts.desks().shut(listener.row);
      bus.emit({ type: 'closed', ...about });
    }
  }

  /** For a stop: the spawner closes its own. */
  close(): void {
    this.#isClosed = true;
    this.#reopener.close();
    for (const listener of this.#byRow.values()) {
      this.#parts.gate.remove(listener);
      listener.close();
    }
    this.#byRow.clear();
    this.#parts.losses.flush();
  }

  #open(row: number, descriptor: Descriptor): void {
    const listener = this.#opened(row, descriptor);
    if (!listener) return;
    this.#reopener.opened(row);
    this.#byRow.set(row, listener);
    this.#parts.gate.add(listener);
    if (this.#isStarted) this.#begin(listener);
  }

  /** One of which the system does not say where it listens has not come, and is asked for again. */
  #opened(row: number, descriptor: Descriptor): LiveListener | undefined {
    try {
      const listener = openListener({ descriptor, row }, this.#parts);
      listener.local();
      return listener;
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error;
      descriptor.close();
      this.notOpened(row, error.code);
      return undefined;
    }
  }

  #renew(row: number, descriptor: Descriptor): void {
    const listener = this.#byRow.get(row);
    if (listener?.renew) listener.renew(descriptor);
    else descriptor.close();
  }

  #begin(listener: LiveListener): void {
    const { bus, rules } = this.#parts.floor();
    bus.emit({ type: 'listening', ...describeListener(rules, listener) });
    listener.start();
  }
}
