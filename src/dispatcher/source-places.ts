/** Places that clients of a service have for a moment: one source has half of them at the most, but one at least. */
export class SourcePlaces {
  readonly #all = new Map<number, number>();
  readonly #ofSources = new Map<string, number>();

  /** Gives what gives it back, once; undefined when there is none for this one. */
  take(
    { service, source }: { readonly service: number; readonly source: Uint32Array },
    most: number,
  ): (() => void) | undefined {
    const key = `${service}:${source.join()}`;
    const all = this.#all.get(service) ?? 0;
    const ofSource = this.#ofSources.get(key) ?? 0;
    if (all >= most || ofSource >= Math.max(1, Math.floor(most / 2))) return undefined;
    this.#all.set(service, all + 1);
    this.#ofSources.set(key, ofSource + 1);
    return () => {
      giveBack(this.#all, service);
      giveBack(this.#ofSources, key);
    };
  }
}

function giveBack<K>(counts: Map<K, number>, key: K): void {
  const left = (counts.get(key) ?? 1) - 1;
  if (left > 0) counts.set(key, left);
  else counts.delete(key);
}
