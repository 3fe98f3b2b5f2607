import { constants } from 'node:os';
import type { Bus } from '../events/bus.ts';
import { NO_NUMBER, type SpawnerEvent } from '../launch/spawner-event.ts';
import type { Binding } from '../native/binding.ts';
import type { Descriptor } from '../native/descriptor.ts';
import { type Poller, READABLE } from '../native/poller.ts';
import { LineBudget } from './line-budget.ts';
import { LineCutter } from './line-cutter.ts';
import type { World } from './world.ts';

/** What a pipe holds, unless its writer makes it larger. */
const READ_BYTES = 65_536;
/** Of a handler that is gone, at once: all that the largest pipe of an ordinary user can hold. */
const LAST_READS = 16;
/** How long one waits to be read that says more than its service may: it is slowed down, and never stopped. */
const REST_MS = 50;
/** How long what a handler has left running is listened to. */
const LINGER_MS = 5000;

/** What one handler says. */
interface Stream {
  readonly id: number;
  readonly pid: number;
  /** Undefined: a reload has taken it out, and nobody knows its name any more. */
  readonly service: number | undefined;
  readonly descriptor: Descriptor;
  readonly cutter: LineCutter;
  callOff: () => void;
}

export interface StandardErrorsOptions {
  readonly binding: Binding;
  readonly poller: Poller;
  readonly world: World;
  readonly bus: Bus;
  readonly nameOf: (service: number) => string;
}

/**
 * The standard errors of handlers, which go to the log line by line. Each is read in bounded turns and never left
 * unread for as long as somebody may write to it, so that no handler hangs for want of a reader; what is too much is
 * dropped and counted.
 */
export class StandardErrors {
  readonly #options: StandardErrorsOptions;
  readonly #open = new Map<number, Stream>();
  readonly #budgets = new Map<number, LineBudget>();
  readonly #bytes = new Uint8Array(READ_BYTES);

  constructor(options: StandardErrorsOptions) {
    this.#options = options;
  }

  /** Takes the descriptor, which comes with a handler whose standard error goes to the log. */
  take({ id, pid, service: number }: SpawnerEvent, descriptor: Descriptor | undefined): void {
    if (!descriptor) return;
    // It is open already: one reader is enough, and two would cut each other's lines.
    if (this.#open.has(id)) {
      descriptor.close();
      return;
    }
    const service = number === NO_NUMBER ? undefined : number;
    const stream = { id, pid, service, descriptor, cutter: new LineCutter(), callOff: () => {} };
    this.#open.set(id, stream);
    this.#watch(stream);
  }

  /** The handler is gone: what it said is told now, and what it has left running may go on for a moment. */
  ended(id: number): void {
    const stream = this.#open.get(id);
    if (!stream) return;
    for (let count = 0; count < LAST_READS; count++) {
      const length = this.#read(stream);
      if (length === -constants.errno.EAGAIN) break;
      if (length <= 0) {
        this.#finish(stream);
        return;
      }
    }
    stream.callOff();
    this.#watch(stream);
    this.#options.world.after(LINGER_MS, () => this.#finish(stream));
  }

  /** This process ends: what is in the pipes is the next one's. */
  close(): void {
    for (const stream of [...this.#open.values()]) this.#finish(stream);
    for (const budget of this.#budgets.values()) budget.flush();
  }

  #watch(stream: Stream): void {
    const { poller } = this.#options;
    poller.watch(stream.descriptor, { events: READABLE, watcher: () => this.#onReadable(stream) });
  }

  #onReadable(stream: Stream): void {
    const length = this.#read(stream);
    if (length === -constants.errno.EAGAIN) return;
    if (length <= 0) this.#finish(stream);
    else if (stream.service === undefined || this.#budgetOf(stream.service).isSpent) this.#rest(stream);
  }

  #rest(stream: Stream): void {
    const { poller, world } = this.#options;
    poller.forget(stream.descriptor);
    stream.callOff = world.after(REST_MS, () => this.#watch(stream));
  }

  /** As read(2) has it, what came already told. */
  #read(stream: Stream): number {
    const length = this.#options.binding.read(stream.descriptor.fd, this.#bytes);
    if (length > 0) {
      const bytes = this.#bytes.subarray(0, length);
      stream.cutter.take(bytes, (text, isCut) => this.#tell(stream, { text, isCut }));
    }
    return length;
  }

  #tell(
    { id: connection, pid, service }: Stream,
    { text, isCut }: { readonly text: string; readonly isCut: boolean },
  ): void {
    if (service === undefined || !this.#budgetOf(service).takes()) return;
    const { bus, nameOf } = this.#options;
    bus.emit({ type: 'stderr', service: nameOf(service), connection, pid, text, isCut });
  }

  #budgetOf(service: number): LineBudget {
    const known = this.#budgets.get(service);
    if (known) return known;
    const { bus, world, nameOf } = this.#options;
    const budget = new LineBudget({
      ...{ nowMs: world.nowMs, after: world.after },
      tell: (count) => bus.emit({ type: 'stderr-dropped', service: nameOf(service), count }),
    });
    this.#budgets.set(service, budget);
    return budget;
  }

  /** Does nothing the second time. */
  #finish(stream: Stream): void {
    if (!this.#open.delete(stream.id)) return;
    stream.cutter.end((text, isCut) => this.#tell(stream, { text, isCut }));
    stream.callOff();
    this.#options.poller.forget(stream.descriptor);
    stream.descriptor.close();
  }
}
