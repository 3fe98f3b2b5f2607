import { isForbiddenKey } from '../config/key-rules.ts';

/** Names of services, each given once: with a number behind it where it is taken. */
export class UniqueNames {
  readonly #taken = new Set<string>();
  readonly #numbers = new Map<string, number>();

  /** `base` if it is free, else `second`, else `base` with a number. */
  give(base: string, second: string = base): string {
    let name = this.#isFree(base) ? base : second;
    while (!this.#isFree(name)) {
      const number = (this.#numbers.get(base) ?? 1) + 1;
      this.#numbers.set(base, number);
      name = `${base}-${number}`;
    }
    this.#taken.add(name);
    return name;
  }

  #isFree(name: string): boolean {
    return !this.#taken.has(name) && !isForbiddenKey(name);
  }
}
