import type { Subscriber } from '../events/bus.ts';
import type { DaemonEvent, ZinetdEvent } from '../events/event.ts';
import { type DeferredLog, deferLog, type Moment } from '../logging/deferred-log.ts';
import { createEventLog, type EventLog } from '../logging/logger.ts';
import type { QueueSink } from '../logging/queue-sink.ts';
import { FULL_VIEW, type RecordView, recordView } from '../logging/record-view.ts';
import { routeRecords } from '../logging/route-records.ts';
import type { LogDestination, LogPolicy } from '../model/log-policy.ts';
import { destinationKey, LogDestinationInUse, type LogMachine } from './log-destination.ts';
import { type Follower, LogFollowers } from './log-followers.ts';
import type { Outlets } from './outlets.ts';

/** How long a stop, or a reload, waits for what is on its way to a file or a server that it has no more use for. */
const FLUSH_MS = 500;
const LOOK_MS = 10;

export interface LogsOptions {
  readonly machine: LogMachine;
  /** Standard output, where the daemon's own records go from the start. */
  readonly first: QueueSink;
}

/** The part of a policy that is about records, and what it takes to do as it says. */
export interface LogPlan {
  readonly policy: {
    readonly logs: readonly LogDestination[];
    readonly services: readonly { readonly name: string; readonly log: LogPolicy }[];
  };
  readonly outlets: Outlets;
  readonly tell: (event: DaemonEvent) => void;
}

interface KnownService {
  readonly log: LogPolicy;
  /** Of its destination. */
  readonly key: string | undefined;
}

/** All destinations of records: that of the daemon at once, the others as the policy in force has them. */
export class Logs {
  readonly #options: LogsOptions;
  readonly #deferred: DeferredLog;
  readonly #first: EventLog;
  #inUse = new Map<string, LogDestinationInUse>();
  /** Those of earlier policies as well: their handlers may still run. */
  readonly #known = new Map<string, KnownService>();
  /** Made when asked for. */
  readonly #views = new Map<string, RecordView>();
  readonly #followers = new LogFollowers();
  #route: Subscriber;
  /** Of the event that is being written. */
  #moment: Moment;

  constructor(options: LogsOptions) {
    const { format, wallMs, after } = options.machine;
    this.#options = options;
    this.#moment = { now: wallMs, gather: (flush) => flush() };
    this.#first = createEventLog({ format, sink: options.first, ...this.#current });
    this.#route = this.#first.write;
    this.#deferred = deferLog({
      create: (moment) => {
        this.#moment = moment;
        return { write: (event) => this.#route(event), close: () => {} };
      },
      ...{ now: wallMs, after },
    });
  }

  get #current(): Moment {
    return { now: () => this.#moment.now(), gather: (flush) => this.#moment.gather(flush) };
  }

  get subscriber(): Subscriber {
    return this.#deferred.write;
  }

  /** Goes over to the destinations of a policy; one that stays keeps what waits in its queue. */
  use(plan: LogPlan): void {
    this.#deferred.drain();
    const { logs, services } = plan.policy;
    const keys = logs.map(destinationKey);
    for (const { name, log } of services) {
      this.#views.delete(name);
      this.#known.set(name, { log, key: log.destination === undefined ? undefined : keys[log.destination] });
    }
    const needed = new Set(services.map(({ log }) => log.destination));
    const before = this.#inUse;
    this.#inUse = new Map();
    const destinations = logs.map((destination, index) =>
      index > 0 && needed.has(index) ? this.#take(destination, { before, plan }).log : this.#first,
    );
    this.#flush([...before.values()], () => {});
    const policies = this.#policiesBy(keys);
    const follow = (event: ZinetdEvent, view: RecordView | undefined): void =>
      this.#followers.tell(event, { atMs: this.#moment.now(), view });
    this.#route = routeRecords({ destinations, policies, key: this.#options.machine.key, follow });
  }

  /** What records of a service show of its clients. */
  viewOf(service: string): RecordView {
    const known = this.#views.get(service);
    if (known) return known;
    const log = this.#known.get(service)?.log;
    const view = log ? recordView(log, this.#options.machine.key) : FULL_VIEW;
    this.#views.set(service, view);
    return view;
  }

  /** Tells a follower of each record as it is written, until the function is called that this gives. */
  follow(follower: Follower): () => void {
    return this.#followers.add(follower);
  }

  /** Files may have been moved away. */
  reopen(): void {
    for (const destination of this.#inUse.values()) destination.reopen();
  }

  /** Writes what can be written in a moment, gives up the rest, and calls back. */
  close(done: () => void): void {
    this.#deferred.drain();
    this.#flush([...this.#inUse.values()], () => {
      this.#route = this.#first.write;
      this.#deferred.drain();
      this.#first.close();
      done();
    });
  }

  /** The one that there is already, or a new one; it is taken out of those of before. */
  #take(
    destination: LogDestination,
    { before, plan }: { readonly before: Map<string, LogDestinationInUse>; readonly plan: LogPlan },
  ): LogDestinationInUse {
    const key = destinationKey(destination);
    const { outlets, tell } = plan;
    const found =
      before.get(key) ??
      new LogDestinationInUse(destination, { ...this.#options, outlets, tell, ...this.#current });
    found.renumber(destination);
    before.delete(key);
    this.#inUse.set(key, found);
    return found;
  }

  /** A service that is no more keeps its destination for as long as another one has it, and then has the daemon's. */
  #policiesBy(keys: readonly string[]): ReadonlyMap<string, LogPolicy> {
    const entries = Array.from(this.#known, ([name, { log, key }]) => {
      const destination = key === undefined ? undefined : Math.max(0, keys.indexOf(key));
      return [name, { ...log, destination }] as const;
    });
    return new Map(entries);
  }

  /** Closes destinations once they have nothing left to write, but not later than a moment from now. */
  #flush(destinations: readonly LogDestinationInUse[], done: () => void): void {
    const { after, nowMs } = this.#options.machine;
    const endMs = nowMs() + FLUSH_MS;
    const look = (): void => {
      const isWaiting = destinations.some(({ waitingBytes }) => waitingBytes > 0);
      if (isWaiting && nowMs() < endMs) {
        after(LOOK_MS, look);
        return;
      }
      for (const destination of destinations) destination.close();
      done();
    };
    look();
  }
}
