import { REQUEST_TYPES } from '../launch/request.ts';
import type { SpawnerEvent } from '../launch/spawner-event.ts';
import type { SpawnerLink } from '../launch/spawner-link.ts';
import { NO_OUTLET } from '../model/outlet.ts';
import type { Descriptor } from '../native/descriptor.ts';
import { errnoName } from '../native/errno.ts';
import type { OutletAnswer, Outlets } from './outlets.ts';
import type { World } from './world.ts';

/** The spawner opens them one by one; whoever comes beyond this many is better off with an answer. */
const MOST_ASKED = 1024;

interface Options {
  readonly link: Pick<SpawnerLink, 'send'>;
  readonly after: World['after'];
}

/** Asks the spawner for outlets, and gives each answer to whom it is for. */
export class OutletRequests implements Outlets {
  readonly #options: Options;
  readonly #asked = new Map<number, (answer: OutletAnswer) => void>();
  #nextId = 1;

  constructor(options: Options) {
    this.#options = options;
  }

  open(row: number, callback: (answer: OutletAnswer) => void): void {
    const { link, after } = this.#options;
    if (row === NO_OUTLET || this.#asked.size >= MOST_ASKED) {
      const code = row === NO_OUTLET ? 'ENOENT' : 'EMFILE';
      after(0, () => callback({ code }));
      return;
    }
    const id = this.#nextId++;
    this.#asked.set(id, callback);
    link.send({ type: 'outlet', id, row });
  }

  /** What the spawner says of one of them; false if it is about something else. */
  take(event: SpawnerEvent, descriptor: Descriptor | undefined): boolean {
    const isRefused = event.type === 'refused' && event.status === REQUEST_TYPES.outlet;
    if (event.type !== 'outlet' && !isRefused) return false;
    // Of a descriptor for which there was no room nothing is left but the answer.
    const code = event.errno === 0 ? 'EMFILE' : errnoName(event.errno);
    this.#answer(event.id, descriptor ? { descriptor } : { code });
    return true;
  }

  /** The spawner could not even be asked; told while it is asked for, perhaps. */
  unsent(id: number, code: string): void {
    this.#options.after(0, () => this.#answer(id, { code }));
  }

  #answer(id: number, answer: OutletAnswer): void {
    const callback = this.#asked.get(id);
    this.#asked.delete(id);
    if (callback) callback(answer);
    else if ('descriptor' in answer) answer.descriptor.close();
  }
}
