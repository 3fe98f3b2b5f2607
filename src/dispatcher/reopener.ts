import { nextRetryMs } from '../supervise/next-retry.ts';
import type { World } from './world.ts';

interface Trouble {
  readonly code: string;
  readonly retryMs: number | undefined;
  readonly callOff: () => void;
}

/** Has listeners that could not be opened opened again, later each time. */
export class Reopener {
  readonly #after: World['after'];
  readonly #open: (row: number) => void;
  readonly #troubles = new Map<number, Trouble>();

  constructor(options: { readonly after: World['after']; readonly open: (row: number) => void }) {
    this.#after = options.after;
    this.#open = options.open;
  }

  /** When it is tried again. A failure like the one before is not worth telling any more. */
  failed(
    row: number,
    code: string,
  ): { readonly retryMs: number | undefined; readonly isWorthTelling: boolean } {
    const before = this.#troubles.get(row);
    before?.callOff();
    const retryMs = nextRetryMs(code, before?.retryMs);
    const callOff = retryMs === undefined ? () => {} : this.#after(retryMs, () => this.#open(row));
    this.#troubles.set(row, { code, retryMs, callOff });
    return { retryMs, isWorthTelling: before?.code !== code || before.retryMs !== retryMs };
  }

  /** Symbolic errno of why it could not be opened the last time. */
  codeOf(row: number): string | undefined {
    return this.#troubles.get(row)?.code;
  }

  opened(row: number): void {
    this.#troubles.get(row)?.callOff();
    this.#troubles.delete(row);
  }

  close(): void {
    for (const { callOff } of this.#troubles.values()) callOff();
    this.#troubles.clear();
  }
}
