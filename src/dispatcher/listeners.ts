import type { SpawnerEvent } from '../launch/spawner-event.ts';
import type { LiveListener } from '../listeners/live-listener.ts';
import type { Descriptor } from '../native/descriptor.ts';
import { errnoName } from '../native/errno.ts';
import { configuredListener } from './configured-listener.ts';
import { openListener } from './open-listener.ts';
import type { ListenerParts } from './opening.ts';

/** All sockets that services are reached by, by their rows. */
export class Listeners {
  readonly #parts: ListenerParts;
  readonly #byRow = new Map<number, LiveListener>();
  #isStarted = false;
  #isClosed = false;

  constructor(parts: ListenerParts) {
    this.#parts = parts;
  }

  /** What the spawner says of one: at the hand-over, and whenever it has opened one anew. */
  take(event: SpawnerEvent, descriptor: Descriptor | undefined): void {
    if (this.#isClosed) descriptor?.close();
    else if (descriptor) this.#open(event.service, descriptor);
    else this.#tellFailed(event);
  }

  /** Announces and polls all that are open; gives how many. */
  start(): number {
    this.#isStarted = true;
    for (const listener of this.#byRow.values()) this.#begin(listener);
    return this.#byRow.size;
  }

  /** For a stop: the spawner closes its own. */
  close(): void {
    this.#isClosed = true;
    for (const listener of this.#byRow.values()) {
      this.#parts.gate.remove(listener);
      listener.close();
    }
    this.#byRow.clear();
  }

  #open(row: number, descriptor: Descriptor): void {
    const listener = openListener({ descriptor, row }, this.#parts);
    this.#byRow.set(row, listener);
    this.#parts.gate.add(listener);
    if (this.#isStarted) this.#begin(listener);
  }

  #begin(listener: LiveListener): void {
    const { bus, rules } = this.#parts.floor();
    const { name, configured } = configuredListener(rules.policy, listener.row);
    const { scheme, address } = configured;
    const local = address.family === 'path' ? address : listener.local();
    bus.emit({ type: 'listening', service: name, local: { scheme, address: local } });
    listener.start();
  }

  #tellFailed({ service: row, errno }: SpawnerEvent): void {
    const { bus, rules } = this.#parts.floor();
    const { name, configured: local } = configuredListener(rules.policy, row);
    bus.emit({ type: 'listen-failed', service: name, local, code: errnoName(errno), retryMs: undefined });
  }
}
