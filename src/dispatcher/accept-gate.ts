import type { Bus } from '../events/bus.ts';
import type { LiveListener } from '../listeners/live-listener.ts';
import type { PauseReason } from '../model/pause-reason.ts';
import type { World } from './world.ts';

/** How long a listener rests after accept(2) wanted descriptors or memory. */
const STARVED_MS = 250;

/** Launches under way at once, as many as the spawner has places for (launch.c); above, clients wait in the kernel's queue. */
const MOST_LAUNCHES = 256;
const FEW_LAUNCHES = 128;

/**
 * Of one service: as many as the spawner takes from one (LAUNCHES_OF_ONE of launch.c), so that an exec that
 * hangs stops no other service (S89), and a crowd of clients waits instead of being turned away.
 */
const MOST_LAUNCHES_OF_ONE = 32;
const FEW_LAUNCHES_OF_ONE = 16;

/** Pauses listeners when something runs short, and lets them go on. */
export class AcceptGate {
  readonly #bus: Bus;
  readonly #world: World;
  readonly #listeners = new Set<LiveListener>();
  /** A pool that is full pauses and resumes its own all the time, however many others there are. */
  readonly #ofService = new Map<number, Set<LiveListener>>();
  /** Listeners in trouble, so that a trouble that lasts is told once (B5). */
  readonly #starved = new Set<LiveListener>();
  #held = false;
  readonly #heldServices = new Set<number>();
  /** Why the listeners of each service are not polled, for one that is opened meanwhile. */
  readonly #reasons = new Map<number, Set<PauseReason>>();
  readonly #watchers: (() => void)[] = [];

  constructor(bus: Bus, world: World) {
    this.#bus = bus;
    this.#world = world;
  }

  /** Whether a service takes nobody for now. */
  isHeld(service: number): boolean {
    return this.#held || (this.#reasons.get(service)?.size ?? 0) > 0;
  }

  /** From now on, whenever a reason is gone that services were held for. */
  onResumed(watcher: () => void): void {
    this.#watchers.push(watcher);
  }

  add(listener: LiveListener): void {
    this.#listeners.add(listener);
    const own = this.#ofService.get(listener.service) ?? new Set();
    this.#ofService.set(listener.service, own.add(listener));
    if (this.#held) listener.pause('launches');
    for (const reason of this.#reasons.get(listener.service) ?? []) listener.pause(reason);
  }

  remove(listener: LiveListener): void {
    this.#listeners.delete(listener);
    this.#ofService.get(listener.service)?.delete(listener);
    this.#starved.delete(listener);
  }

  starved(listener: LiveListener, options: { readonly service: string; readonly code: string }): void {
    if (!this.#starved.has(listener)) {
      this.#starved.add(listener);
      this.#bus.emit({ type: 'paused', service: options.service, reason: options.code, retryMs: STARVED_MS });
    }
    this.#world.after(STARVED_MS, () => listener.resume('descriptors'));
  }

  /** An accept went well again. */
  recovered(listener: LiveListener, service: string): void {
    if (this.#starved.delete(listener)) this.#bus.emit({ type: 'resumed', service });
  }

  launching(count: number): void {
    if (!this.#held && count >= MOST_LAUNCHES) this.#hold();
    else if (this.#held && count <= FEW_LAUNCHES) this.#letGo();
  }

  launchingOf(service: number, count: number): void {
    if (this.#heldServices.has(service)) {
      if (count > FEW_LAUNCHES_OF_ONE) return;
      this.#heldServices.delete(service);
      this.resume(service, 'launches-of-one');
    } else if (count >= MOST_LAUNCHES_OF_ONE) {
      this.#heldServices.add(service);
      this.pause(service, 'launches-of-one');
    }
  }

  /** All listeners of a service; reasons do not undo each other. */
  pause(service: number, reason: PauseReason): void {
    const reasons = this.#reasons.get(service) ?? new Set<PauseReason>();
    this.#reasons.set(service, reasons.add(reason));
    for (const listener of this.#listenersOf(service)) listener.pause(reason);
  }

  resume(service: number, reason: PauseReason): void {
    this.#reasons.get(service)?.delete(reason);
    for (const listener of this.#listenersOf(service)) listener.resume(reason);
    this.#tellResumed();
  }

  #listenersOf(service: number): Iterable<LiveListener> {
    return this.#ofService.get(service) ?? [];
  }

  #hold(): void {
    this.#held = true;
    for (const listener of this.#listeners) listener.pause('launches');
  }

  #letGo(): void {
    this.#held = false;
    for (const listener of this.#listeners) listener.resume('launches');
    this.#tellResumed();
  }

  #tellResumed(): void {
    for (const watcher of this.#watchers) watcher();
  }
}
