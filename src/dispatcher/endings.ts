import type { SpawnerLink } from '../launch/spawner-link.ts';
import type { ForcedEnd } from '../model/forced-end.ts';
import type { ChildTable } from '../supervise/child-table.ts';
import type { KeptEnding } from '../supervise/ending-slot.ts';
import { Ages } from './ages.ts';
import type { EndingKeeper } from './ending-keeper.ts';
import type { World } from './world.ts';

/** What somebody wants: `isAtOnce` is KILL, without TERM ahead of it. */
export interface EndOrder {
  readonly why: ForcedEnd;
  /** From TERM to KILL. */
  readonly graceMs: number;
  readonly isAtOnce?: boolean | undefined;
}

interface Ending {
  readonly why: ForcedEnd;
  /** Undefined: it was killed, and will be gone as soon as the kernel lets it. */
  readonly killAtMs: number | undefined;
}

export interface EndingsOptions {
  readonly children: ChildTable;
  readonly link: Pick<SpawnerLink, 'send'>;
  readonly world: Pick<World, 'nowMs' | 'after'>;
  /** Undefined: whoever comes after this process knows nothing of them. */
  readonly keeper: EndingKeeper | undefined;
}

/** Brings handlers to their end: TERM for the group of the handler, KILL for what is left of it after a grace. */
export class Endings {
  readonly #options: EndingsOptions;
  /** By their connections. */
  readonly #ending = new Map<number, Ending>();
  /** Connections whose handlers are to be ended as soon as they are there. */
  readonly #awaited = new Map<number, EndOrder>();
  readonly #due: Ages;

  constructor(options: EndingsOptions) {
    this.#options = options;
    options.keeper?.use(() => this.#kept());
    this.#due = new Ages({ world: options.world, endOld: (nowMs) => this.#killLate(nowMs) });
  }

  /** False when nobody has such a connection. Nothing is done twice. */
  end(id: number, order: EndOrder): boolean {
    const { children } = this.#options;
    if (!children.find(id)) return false;
    if (!children.handlerOf(id)) this.#awaited.set(id, order);
    else if (order.isAtOnce) this.#kill(id, this.#ending.get(id)?.why ?? order.why);
    else if (!this.#ending.has(id)) this.#terminate(id, order);
    return true;
  }

  /** The handler of a connection is there. */
  started(id: number): void {
    const order = this.#awaited.get(id);
    this.#awaited.delete(id);
    if (order) this.end(id, order);
  }

  /** The handler of a connection is there, and an earlier dispatcher may have told it to end. */
  adopted(id: number): void {
    const { children, keeper } = this.#options;
    const handler = children.handlerOf(id);
    const left = handler && keeper?.find(handler);
    if (!left) return;
    const killAtMs = handler.sinceMs + left.killAtAgeMs;
    this.#ending.set(id, { why: left.why, killAtMs });
    this.#due.expect(killAtMs);
  }

  has(id: number): boolean {
    return this.#ending.has(id);
  }

  /** It is over, or will never be: why it was ended, if it was. */
  over(id: number): ForcedEnd | undefined {
    const why = this.#ending.get(id)?.why;
    this.#awaited.delete(id);
    if (this.#ending.delete(id)) this.#options.keeper?.changed();
    return why;
  }

  #terminate(id: number, { why, graceMs }: EndOrder): void {
    const killAtMs = this.#options.world.nowMs() + graceMs;
    this.#signal(id, 'TERM');
    this.#ending.set(id, { why, killAtMs });
    this.#due.expect(killAtMs);
    this.#options.keeper?.changed();
  }

  #kill(id: number, why: ForcedEnd): void {
    this.#signal(id, 'KILL');
    this.#ending.set(id, { why, killAtMs: undefined });
    this.#options.keeper?.changed();
  }

  #signal(id: number, signal: 'TERM' | 'KILL'): void {
    const { children, link } = this.#options;
    const handler = children.handlerOf(id);
    if (handler) link.send({ type: 'signal', slot: handler.slot, signal });
  }

  #killLate(nowMs: number): number {
    let nextMs = Number.POSITIVE_INFINITY;
    for (const [id, { why, killAtMs }] of this.#ending) {
      if (killAtMs === undefined) continue;
      if (killAtMs <= nowMs) this.#kill(id, why);
      else nextMs = Math.min(nextMs, killAtMs);
    }
    return nextMs;
  }

  #kept(): readonly KeptEnding[] {
    const { children, keeper } = this.#options;
    return [...this.#ending].flatMap(([id, { why, killAtMs }]) => {
      const handler = children.handlerOf(id);
      if (!handler || !keeper) return [];
      const { slot, pid, sinceMs } = handler;
      const killAtAgeMs = killAtMs === undefined ? 0 : killAtMs - sinceMs;
      return { slot, pid, startedAtMs: keeper.startedAtMs(sinceMs), killAtAgeMs, why };
    });
  }
}
