/** How many may be under way: in total, and of one source, so that it cannot use up what is everybody's. */
export class Quota {
  readonly #most: number;
  readonly #mostOfOne: number;
  readonly #taken = new Map<string | number, number>();
  #total = 0;

  constructor(options: { readonly most: number; readonly mostOfOne: number }) {
    this.#most = options.most;
    this.#mostOfOne = options.mostOfOne;
  }

  /** Gives the function that gives the place back, to be called once; undefined when there is no place. */
  take(source: string | number): (() => void) | undefined {
    const own = this.#taken.get(source) ?? 0;
    if (this.#total >= this.#most || own >= this.#mostOfOne) return undefined;
    this.#total++;
    this.#taken.set(source, own + 1);
    return () => this.#giveBack(source);
  }

  #giveBack(source: string | number): void {
    const left = (this.#taken.get(source) ?? 0) - 1;
    this.#total--;
    if (left > 0) this.#taken.set(source, left);
    else this.#taken.delete(source);
  }
}
