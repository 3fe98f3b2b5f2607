import { type ExpositionFormat, expose } from '../metrics/exposition.ts';
import type { MetricsView } from '../metrics/view.ts';
import type { World } from './world.ts';

/** Clients of services wait so long at the most. */
const BURST_MS = 2;
/** A fifth of the time goes into it at the most. */
const REST = 4;

interface Options {
  readonly world: Pick<World, 'nowMs' | 'after'>;
  readonly view: () => MetricsView;
}

type Callback = (body: string) => void;

/**
 * Writes expositions piece by piece, in a share of the time that clients of services do not feel. Those who come
 * meanwhile get the next one, together: what anybody gets is not older than the question for it.
 */
export class Exposer {
  readonly #options: Options;
  readonly #waiting: Map<ExpositionFormat, Callback[]> = new Map();
  #isWriting = false;
  /** Since the last rest. */
  #spentMs = 0;

  constructor(options: Options) {
    this.#options = options;
  }

  /** Calls back later. */
  expose(format: ExpositionFormat, callback: Callback): void {
    this.#waiting.set(format, [...(this.#waiting.get(format) ?? []), callback]);
    if (!this.#isWriting) void this.#writeAll();
  }

  async #writeAll(): Promise<void> {
    this.#isWriting = true;
    for (;;) {
      const [first] = this.#waiting;
      if (!first) break;
      const [format, callbacks] = first;
      this.#waiting.delete(format);
      const body = await this.#write(format);
      for (const callback of callbacks) callback(body);
    }
    this.#isWriting = false;
  }

  async #write(format: ExpositionFormat): Promise<string> {
    const { nowMs } = this.#options.world;
    const texts: string[] = [];
    let sinceMs = nowMs();
    for await (const text of expose(this.#options.view(), format)) {
      texts.push(text);
      this.#spentMs += nowMs() - sinceMs;
      if (this.#spentMs > BURST_MS) await this.#rest();
      sinceMs = nowMs();
    }
    return texts.join('');
  }

  #rest(): Promise<void> {
    const restMs = REST * this.#spentMs;
    this.#spentMs = 0;
    return new Promise((done) => this.#options.world.after(restMs, done));
  }
}
