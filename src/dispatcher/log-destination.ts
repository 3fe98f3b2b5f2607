import type { DaemonEvent } from '../events/event.ts';
import type { Moment } from '../logging/deferred-log.ts';
import { createEventLog, type EventLog } from '../logging/logger.ts';
import type { QueueSink } from '../logging/queue-sink.ts';
import { shareSink } from '../logging/shared-sink.ts';
import { createSink, type OutletDestination, type SinkContext } from '../logging/sink-of.ts';
import type { LogDestination } from '../model/log-policy.ts';
import type { Outlets } from './outlets.ts';

export interface LogMachine extends Omit<SinkContext, 'open' | 'origin'> {
  /** Of destinations that name none. */
  readonly format: 'text' | 'json';
  readonly hostName: string;
  /** What addresses of clients are hashed with, where that is wanted. */
  readonly key: Uint8Array;
  readonly pid: number;
  /** Milliseconds since the epoch. */
  readonly wallMs: () => number;
}

export interface DestinationContext extends Moment {
  readonly machine: LogMachine;
  /** Standard output. */
  readonly first: QueueSink;
  readonly outlets: Outlets;
  /** Troubles of destinations are events like any others. */
  readonly tell: (event: DaemonEvent) => void;
}

/** One that is the same over reloads has the same key: the row of its outlet is another one after each. */
export function destinationKey(destination: LogDestination): string {
  return JSON.stringify({ ...destination, outlet: undefined });
}

/** Where records go, while it is in use. */
export class LogDestinationInUse {
  readonly log: EventLog;
  readonly #destination: LogDestination;
  readonly #tell: DestinationContext['tell'];
  /** Undefined: standard output, which is not ours to open or close. */
  readonly #sink: QueueSink | undefined;
  #outlet: number | undefined;

  constructor(destination: LogDestination, context: DestinationContext) {
    const { machine, first, now, gather } = context;
    this.#destination = destination;
    this.#tell = context.tell;
    this.#sink = destination.kind === 'stdout' ? undefined : this.#makeSink(destination, context);
    const format = destination.format ?? machine.format;
    this.log = createEventLog({
      format,
      hasPrefix: destination.kind !== 'syslog',
      ...{ sink: this.#sink ?? shareSink(first), now, gather },
    });
  }

  /** What has not gone out yet. */
  get waitingBytes(): number {
    return this.#sink?.waitingBytes ?? 0;
  }

  /** The row of its outlet in the launch table that is in force now. */
  renumber(destination: LogDestination): void {
    if (destination.kind !== 'stdout') this.#outlet = destination.outlet;
  }

  /** A file may have been moved away. What is written until there is a new one goes to the old one. */
  reopen(): void {
    if (this.#destination.kind === 'file') this.#sink?.renew();
  }

  /** Gives up what has not gone out by now, and says how much that was. */
  close(): void {
    this.log.close();
    const lost = this.#sink?.waitingRecords ?? 0;
    if (lost > 0) this.#tell({ type: 'log-ended', to: this.#name, lost });
  }

  get #name(): string {
    const destination = this.#destination;
    if (destination.kind === 'stdout') return 'stdout';
    return destination.kind === 'file' ? destination.path : destination.to;
  }

  #makeSink(destination: OutletDestination, context: DestinationContext): QueueSink {
    const { machine, outlets, tell } = context;
    const { hostName, pid } = machine;
    const to = this.#name;
    this.#outlet = destination.outlet;
    const sink = createSink(destination, {
      ...machine,
      origin: { hostName, pid },
      open: (callback) => outlets.open(this.#outlet ?? destination.outlet, callback),
    });
    sink.on('failed', (code: string) => tell({ type: 'log-failed', to, code }));
    sink.on('resumed', (lost: number) => tell({ type: 'log-resumed', to, lost }));
    sink.on('limit', (limit: 'soft' | 'hard', bytes: number) =>
      tell({ type: 'log-limit', to, limit, bytes }),
    );
    return sink;
  }
}
