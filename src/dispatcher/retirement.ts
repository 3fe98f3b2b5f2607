import type { ChildTable } from '../supervise/child-table.ts';
import type { World } from './world.ts';

/** Clients whose verdict hangs on somebody else are waited for, but not longer. */
const MOST_WAIT_MS = 2000;
const LOOK_MS = 10;

interface Options {
  readonly world: World;
  readonly children: ChildTable;
  /** Connections that wait for an answer of the resolver or of a program. */
  readonly waiting: () => number;
  /** Nothing more is to be taken back elsewhere. */
  readonly isIdle: () => boolean;
  /** Nothing is under way any more, or it took too long. */
  readonly leave: () => void;
}

/** The end of a dispatcher for the sake of a reload: what it has begun comes to its end, nothing new begins. */
export class Retirement {
  readonly #options: Options;
  #isOver = false;

  constructor(options: Options) {
    this.#options = options;
  }

  begin(): void {
    this.#look(this.#options.world.nowMs() + MOST_WAIT_MS);
  }

  /** A stop comes first. */
  callOff(): void {
    this.#isOver = true;
  }

  #look(untilMs: number): void {
    const { world, children, waiting, isIdle, leave } = this.#options;
    if (this.#isOver) return;
    const isDone = children.launching === 0 && waiting() === 0 && isIdle();
    if (!isDone && world.nowMs() < untilMs) world.after(LOOK_MS, () => this.#look(untilMs));
    else {
      this.#isOver = true;
      leave();
    }
  }
}
