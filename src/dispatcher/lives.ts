import type { Endpoint } from '../model/address.ts';
import type { ClientEnd, ForcedEnd } from '../model/forced-end.ts';
import type { LifePolicy } from '../model/life-policy.ts';
import type { ChildTable } from '../supervise/child-table.ts';
import { type Numbered, NumberTable } from '../supervise/number-table.ts';
import { Ages } from './ages.ts';
import { Endings, type EndingsOptions } from './endings.ts';
import { type Rules, rulesOf } from './rules.ts';

/** A connection that zinetd has itself: a built-in service, one that is relayed, or one that a worker was given. */
export interface OwnLife {
  readonly id: number;
  readonly service: number;
  readonly peer: Endpoint;
  readonly via?: Endpoint | undefined;
  /** On the monotonic clock. */
  readonly sinceMs: number;
  end(why: ClientEnd): void;
  /** Of a connection that a worker of a pool has. */
  readonly pid?: number;
  /** KILL, behind `end`, where there is anybody. */
  kill?(): void;
}

interface OwnEntry extends Numbered<OwnEntry> {
  readonly life: OwnLife;
}

/** What somebody wants of a connection: `isAtOnce` is KILL, without TERM ahead of it. */
export interface LifeOrder {
  readonly why: ClientEnd | 'idle';
  readonly isAtOnce?: boolean;
}

export interface LivesOptions extends EndingsOptions {
  /** The rules in force, since a reload replaces them. */
  readonly rules: () => Rules;
}

/** Services, by our numbers, whose handlers a reload has made other ones, or has taken out. */
function changedServices(before: Rules, { policy }: Rules): ReadonlySet<number> {
  const imprints = new Map(policy.services.map(({ name, imprint }) => [name, imprint]));
  const changed = before.services.flatMap(({ service: { policy: old } }, number) =>
    old.desk === undefined && imprints.get(old.name) !== old.imprint ? [number] : [],
  );
  return new Set(changed);
}

/** Ends connections before their time: those that are too old, and what a reload or a stop does not let go on. */
export class Lives {
  readonly #children: ChildTable;
  readonly #endings: Endings;
  readonly #rules: () => Rules;
  readonly #own = new NumberTable<OwnEntry>();
  readonly #ages: Ages;

  constructor(options: LivesOptions) {
    this.#children = options.children;
    this.#endings = new Endings(options);
    this.#rules = options.rules;
    this.#ages = new Ages({ world: options.world, endOld: (nowMs) => this.#endOld(nowMs) });
  }

  /** A connection of zinetd's own begins. */
  enter(life: OwnLife): void {
    this.#own.add({ number: life.id, next: undefined, life });
    this.#expect(life);
  }

  leave(id: number): void {
    this.#own.remove(id);
  }

  /** Connections that are served without a handler. */
  get own(): readonly OwnLife[] {
    return this.#own.all.map(({ life }) => life);
  }

  /** The handler of a connection is there, which an earlier dispatcher has started. */
  adopted(id: number): void {
    this.#endings.adopted(id);
    this.started(id);
  }

  /** The handler of a connection is there, started by whomever. */
  started(id: number): void {
    const child = this.#children.find(id);
    const handler = this.#children.handlerOf(id);
    const service = child?.connection.service;
    if (service !== undefined && handler && !child?.isWorker && !this.#hasDaemon(service))
      this.#expect({ service, sinceMs: handler.sinceMs });
    this.#endings.started(id);
  }

  /** It has ended, or never came: why zinetd has ended it, if it has. */
  over(id: number): ForcedEnd | undefined {
    return this.#endings.over(id);
  }

  /** Whether a handler was told to end, and has not yet. */
  isEnding(id: number): boolean {
    return this.#endings.has(id);
  }

  /** False when there is no such connection. */
  end(id: number, { why, isAtOnce }: LifeOrder): boolean {
    const own = this.#own.find(id)?.life;
    own?.end(why);
    if (isAtOnce) own?.kill?.();
    if (own) return true;
    const child = this.#children.find(id);
    if (!child) return false;
    const { graceMs } = this.#lifeOf(child.connection.service);
    return this.#endings.end(id, { why, graceMs, isAtOnce });
  }

  /** A worker of a pool: TERM, and KILL after the grace of its service, or KILL at once. */
  endWorker(id: number, { isAtOnce }: Pick<LifeOrder, 'isAtOnce'> = {}): void {
    const service = this.#children.find(id)?.connection.service;
    if (service === undefined) return;
    this.#endings.end(id, { why: 'worker', graceMs: this.#lifeOf(service).graceMs, isAtOnce });
  }

  /** Other rules are in force; `before` are those until now, which say what becomes of whoever came under them. */
  reloaded(before: Rules): void {
    const changed = changedServices(before, this.#rules());
    const lifeOf = (service: number): LifePolicy => rulesOf(before, service).service.policy.life;
    this.#endAll('reload', {
      isMeant: (service) => changed.has(service) && lifeOf(service).onReload === 'terminate',
      lifeOf,
    });
    this.#ages.look();
  }

  /** Not for an upgrade: handlers outlast this process. */
  stop(): void {
    const lifeOf = (service: number): LifePolicy => this.#lifeOf(service);
    this.#endAll('stopping', {
      // A daemon that is relayed to has nobody left whom it could serve.
      isMeant: (service) => lifeOf(service).onStop === 'terminate' || this.#hasDaemon(service),
      lifeOf,
    });
  }

  /** Its handler is a daemon, which has no age: its connections have. */
  #hasDaemon(service: number): boolean {
    return rulesOf(this.#rules(), service).service.policy.redirect?.idleStopMs !== undefined;
  }

  #lifeOf(service: number): LifePolicy {
    return rulesOf(this.#rules(), service).service.policy.life;
  }

  #endAll(
    why: ClientEnd,
    {
      isMeant,
      lifeOf,
    }: {
      readonly isMeant: (service: number) => boolean;
      readonly lifeOf: (service: number) => LifePolicy;
    },
  ): void {
    const { handlers, awaited } = this.#children;
    // Workers are ended by their pools.
    const meant = [...handlers, ...awaited].filter(
      ({ connection, isWorker }) => !isWorker && isMeant(connection.service),
    );
    for (const { connection } of meant) {
      const { graceMs } = lifeOf(connection.service);
      this.#endings.end(connection.id, { why, graceMs });
    }
    for (const life of this.own) if (isMeant(life.service)) life.end(why);
  }

  #dueMs({ service, sinceMs }: Pick<OwnLife, 'service' | 'sinceMs'>): number {
    return sinceMs + (this.#lifeOf(service).maxAgeMs ?? Number.POSITIVE_INFINITY);
  }

  #expect(life: Pick<OwnLife, 'service' | 'sinceMs'>): void {
    this.#ages.expect(this.#dueMs(life));
  }

  #endOld(nowMs: number): number {
    let nextMs = Number.POSITIVE_INFINITY;
    const look = (dueMs: number, end: () => void): void => {
      if (dueMs <= nowMs) end();
      else nextMs = Math.min(nextMs, dueMs);
    };
    for (const { connection, handler, isWorker } of this.#children.handlers) {
      const { id, service } = connection;
      if (isWorker || this.#hasDaemon(service)) continue;
      look(this.#dueMs({ service, sinceMs: handler.sinceMs }), () => this.end(id, { why: 'age' }));
    }
    for (const life of this.own) look(this.#dueMs(life), () => life.end('age'));
    return nextMs;
  }
}
