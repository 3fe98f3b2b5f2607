/** Jobs of which so many run at once and so many more may wait, first come, first served. */
export class WorkQueue {
  readonly #atOnce: number;
  readonly #mostWaiting: number;
  readonly #waiting: (() => Promise<void>)[] = [];
  #running = 0;

  constructor(options: { readonly atOnce: number; readonly mostWaiting: number }) {
    this.#atOnce = options.atOnce;
    this.#mostWaiting = options.mostWaiting;
  }

  /** False when too many wait already. */
  add(job: () => Promise<void>): boolean {
    if (this.#running < this.#atOnce) void this.#run(job);
    else if (this.#waiting.length < this.#mostWaiting) this.#waiting.push(job);
    else return false;
    return true;
  }

  async #run(first: () => Promise<void>): Promise<void> {
    this.#running++;
    for (let job: (() => Promise<void>) | undefined = first; job; job = this.#waiting.shift()) await job();
    this.#running--;
  }
}
