import type { ForcedEnd } from '../events/event.ts';
import type { SpawnerLink } from '../launch/spawner-link.ts';
import type { ChildTable } from '../supervise/child-table.ts';
import type { World } from './world.ts';

/** For what a handler has to bring to an end. */
const KILL_AFTER_MS = 5000;

/** What somebody wants: `isAtOnce` is KILL, without TERM ahead of it. */
export interface EndOrder {
  readonly why: ForcedEnd;
  readonly isAtOnce?: boolean;
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
}

/** Brings handlers to their end: TERM for the group of the handler, KILL for what is left of it five seconds later. */
export class Endings {
  readonly #options: EndingsOptions;
  /** By their connections, in the order of their beginning, which is that of the time to kill them. */
  readonly #ending = new Map<number, Ending>();
  /** Connections whose handlers are to be ended as soon as they are there. */
  readonly #awaited = new Map<number, EndOrder>();
  #callOff: (() => void) | undefined;

  constructor(options: EndingsOptions) {
    this.#options = options;
  }

  /** False when nobody has such a connection. Nothing is done twice. */
  end(id: number, order: EndOrder): boolean {
    const { children } = this.#options;
    if (!children.find(id)) return false;
    if (!children.handlerOf(id)) this.#awaited.set(id, order);
    else if (order.isAtOnce) this.#kill(id, this.#ending.get(id)?.why ?? order.why);
    else if (!this.#ending.has(id)) this.#terminate(id, order.why);
    return true;
  }

  /** The handler of a connection is there. */
  started(id: number): void {
    const order = this.#awaited.get(id);
    this.#awaited.delete(id);
    if (order) this.end(id, order);
  }

  /** It is over, or will never be: why it was ended, if it was. */
  over(id: number): ForcedEnd | undefined {
    const why = this.#ending.get(id)?.why;
    this.#ending.delete(id);
    this.#awaited.delete(id);
    return why;
  }

  #terminate(id: number, why: ForcedEnd): void {
    this.#signal(id, 'TERM');
    this.#ending.set(id, { why, killAtMs: this.#options.world.nowMs() + KILL_AFTER_MS });
    this.#schedule();
  }

  #kill(id: number, why: ForcedEnd): void {
    this.#signal(id, 'KILL');
    this.#ending.set(id, { why, killAtMs: undefined });
  }

  #signal(id: number, signal: 'TERM' | 'KILL'): void {
    const { children, link } = this.#options;
    const handler = children.handlerOf(id);
    if (handler) link.send({ type: 'signal', slot: handler.slot, signal });
  }

  #schedule(): void {
    if (this.#callOff) return;
    const { world } = this.#options;
    const next = [...this.#ending.values()].find(({ killAtMs }) => killAtMs !== undefined)?.killAtMs;
    if (next === undefined) return;
    this.#callOff = world.after(Math.max(0, next - world.nowMs()), () => this.#turn());
  }

  #turn(): void {
    this.#callOff = undefined;
    const nowMs = this.#options.world.nowMs();
    for (const [id, { why, killAtMs }] of this.#ending)
      if (killAtMs !== undefined && killAtMs <= nowMs) this.#kill(id, why);
    this.#schedule();
  }
}
