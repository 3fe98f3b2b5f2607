import type { Ground } from './services.ts';
import { KINDS, type Visit } from './visits.ts';

const TICK_MS = 5;

/** Each kind as often as it weighs, spread over the whole. */
function timetable(): readonly (typeof KINDS)[number]['come'][] {
  const all = KINDS.reduce((sum, { weight }) => sum + weight, 0);
  const owed = KINDS.map(() => 0);
  return Array.from({ length: all }, () => {
    for (const [index, { weight }] of KINDS.entries()) owed[index] = (owed[index] ?? 0) + weight;
    const next = owed.indexOf(Math.max(...owed));
    owed[next] = (owed[next] ?? 0) - all;
    return (KINDS[next] ?? KINDS[0])?.come as (typeof KINDS)[number]['come'];
  });
}

/** Clients of all kinds, at a rate that does not depend on how they are served. */
export class Traffic {
  readonly #ground: Ground;
  readonly #perSecond: number;
  readonly #tell: (visit: Visit) => void;
  readonly #timetable = timetable();
  readonly #open = new Set<Promise<void>>();
  #turn = 0;
  #mostOpen = 0;

  constructor(
    ground: Ground,
    options: { readonly perSecond: number; readonly tell: (visit: Visit) => void },
  ) {
    this.#ground = ground;
    this.#perSecond = options.perSecond;
    this.#tell = options.tell;
  }

  get begun(): number {
    return this.#turn;
  }

  get mostOpen(): number {
    return this.#mostOpen;
  }

  #begin(): void {
    const come = this.#timetable[this.#turn % this.#timetable.length];
    if (!come) throw new Error('The timetable is empty');
    const visit = come(this.#ground, this.#turn++).then((seen) => {
      this.#tell(seen);
      this.#open.delete(visit);
    });
    this.#open.add(visit);
    this.#mostOpen = Math.max(this.#mostOpen, this.#open.size);
  }

  /** Clients come for so long; resolves when the last of them has gone. */
  async run(seconds: number): Promise<void> {
    const first = this.#turn;
    const beganMs = performance.now();
    for (let ms = 0; ms < seconds * 1000; ms = performance.now() - beganMs) {
      const due = first + Math.floor((ms * this.#perSecond) / 1000);
      while (this.#turn < due) this.#begin();
      await new Promise((resolve) => setTimeout(resolve, TICK_MS));
    }
    await Promise.all(this.#open);
  }
}
