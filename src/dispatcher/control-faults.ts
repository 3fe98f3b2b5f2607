import type { Bus } from '../events/bus.ts';
import type { ControlFault } from '../model/control-fault.ts';
import type { World } from './world.ts';

/** How often it is told that visitors were let go for the same fault. */
const TELL_MS = 60_000;

interface Untold {
  uid: number;
  count: number;
}

/** Tells of visitors of the control sockets that were let go: the first at once, those after it together (S114, S118). */
export class ControlFaults {
  readonly #bus: Bus;
  readonly #after: World['after'];
  readonly #untold = new Map<ControlFault, Untold>();

  constructor(options: { readonly bus: Bus; readonly after: World['after'] }) {
    this.#bus = options.bus;
    this.#after = options.after;
  }

  add(uid: number, reason: ControlFault): void {
    const untold = this.#untold.get(reason);
    if (!untold) this.#tell(reason, { uid, count: 1 });
    else this.#untold.set(reason, { uid, count: untold.count + 1 });
  }

  #tell(reason: ControlFault, { uid, count }: Untold): void {
    this.#bus.emit({ type: 'control-refused', reason, uid, count });
    this.#untold.set(reason, { uid, count: 0 });
    this.#after(TELL_MS, () => {
      const untold = this.#untold.get(reason);
      this.#untold.delete(reason);
      if (untold && untold.count > 0) this.#tell(reason, untold);
    });
  }
}
