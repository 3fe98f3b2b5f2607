import type { ReloadResult } from '../control/messages.ts';
import type { Request } from '../launch/request.ts';
import type { SpawnerEvent } from '../launch/spawner-event.ts';

interface Asker {
  readonly id: number;
  readonly isDry: boolean;
  readonly answer: (result: ReloadResult) => void;
}

const STOPPING: ReloadResult = { outcome: 'failed', why: 'zinetd is stopping', diagnostics: '' };

/**
 * Those who wait for the outcome of a reload. Many that ask become one; an outcome is for those who had asked when its
 * compiler began, since only then it has read what they had written.
 */
export class ReloadAskers {
  readonly #nextId: () => number;
  readonly #send: (request: Request) => void;
  #waiting: readonly Asker[] = [];
  #isClosed = false;

  constructor(options: { readonly nextId: () => number; readonly send: (request: Request) => void }) {
    this.#nextId = options.nextId;
    this.#send = options.send;
  }

  /** For somebody who does not wait. */
  request({ isDry }: { readonly isDry: boolean }): number {
    const id = this.#nextId();
    if (!this.#isClosed) this.#send({ type: 'reload', id, isDry });
    return id;
  }

  ask({ isDry }: { readonly isDry: boolean }): Promise<ReloadResult> {
    if (this.#isClosed) return Promise.resolve(STOPPING);
    return new Promise((answer) => {
      this.#waiting = [...this.#waiting, { id: this.request({ isDry }), isDry, answer }];
    });
  }

  answer({ id, status }: Pick<SpawnerEvent, 'id' | 'status'>, result: ReloadResult): void {
    const isDry = status === 1;
    const isMeant = (asker: Asker): boolean => asker.isDry === isDry && asker.id <= id;
    const meant = this.#waiting.filter(isMeant);
    this.#waiting = this.#waiting.filter((asker) => !isMeant(asker));
    for (const { answer } of meant) answer(result);
  }

  close(): void {
    this.#isClosed = true;
    for (const { answer } of this.#waiting) answer(STOPPING);
    this.#waiting = [];
  }
}
