import type { HostName } from '../model/host-name.ts';

const MOST_NAMES = 4096;
/** Longer than most clients come back in, shorter than somebody waits for a change of DNS. */
const KNOWN_MS = 60_000;
/** Keeps a source without a name from asking for each connection anew. */
const OTHER_MS = 5000;

interface Entry {
  readonly name: HostName;
  readonly untilMs: number;
}

/** What was answered lately; when it is full, what was used longest ago goes first. */
export class NameCache {
  readonly #entries = new Map<string, Entry>();

  get(key: string, nowMs: number): HostName | undefined {
    const entry = this.#entries.get(key);
    if (!entry) return undefined;
    this.#entries.delete(key);
    if (nowMs >= entry.untilMs) return undefined;
    this.#entries.set(key, entry);
    return entry.name;
  }

  put(key: string, entry: { readonly name: HostName; readonly nowMs: number }): void {
    const { name, nowMs } = entry;
    this.#entries.delete(key);
    this.#entries.set(key, { name, untilMs: nowMs + (name.kind === 'known' ? KNOWN_MS : OTHER_MS) });
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > MOST_NAMES && oldest !== undefined) this.#entries.delete(oldest);
  }
}
