import { BAN_STATE_BYTES } from '../admission/ban-state.ts';
import type { Bus } from '../events/bus.ts';
import type { Standing } from '../events/service-state.ts';
import { encodeNameSlot, MOST_NAMES } from '../supervise/name-slot.ts';
import { nameSlotOffset, readNameState } from '../supervise/name-state.ts';
import { writeState } from './save-bans.ts';
import type { StateFile } from './state-file.ts';
import type { World } from './world.ts';

const RETRY_MS = 5000;
/** Slots of the state file with the bans. */
const BAN_SLOTS = 2;

export interface SwitchesOptions {
  readonly bus: Bus;
  readonly world: Pick<World, 'after'>;
  /** Undefined: nothing outlasts this process. */
  readonly file: Pick<StateFile, 'readAt' | 'write' | 'sync'> | undefined;
}

/**
 * Which services an operator has disabled, by name: whatever the configuration becomes, they stay it until they are
 * enabled. In the state file behind the bans, so that they outlast this process.
 */
export class Switches {
  readonly #options: SwitchesOptions;
  readonly #off = new Set<string>();
  /** How many wait for the last handlers of a service that is off. */
  readonly #draining = new Map<string, number>();
  #sequence = 0;
  #isSaving = false;
  #isTroubled = false;
  /** Of the next attempt after one that failed: one, however many failed. */
  #callOff: (() => void) | undefined;
  /** Who wants to know that what is in force now has been saved, or could not be. */
  #waiting: (() => void)[] = [];

  constructor(options: SwitchesOptions) {
    this.#options = options;
    if (options.file) this.#restore(options.file);
  }

  isOn(service: string): boolean {
    return this.#off.size === 0 || !this.#off.has(service);
  }

  standingOf(service: string): Standing {
    if (this.isOn(service)) return 'enabled';
    return this.#draining.has(service) ? 'draining' : 'disabled';
  }

  /** Calls back when it is saved, or has turned out that it cannot be; false: there are too many. */
  turnOff(service: string, done: () => void): boolean {
    if (this.#off.has(service)) this.#save(done);
    else if (this.#off.size >= MOST_NAMES) return false;
    else {
      this.#off.add(service);
      this.#options.bus.emit({ type: 'disabled', service });
      this.#save(done);
    }
    return true;
  }

  turnOn(service: string, done: () => void): void {
    if (this.#off.delete(service)) this.#options.bus.emit({ type: 'enabled', service });
    this.#save(done);
  }

  /** Somebody waits for the handlers of a service, until the function is called that this gives. */
  drain(service: string): () => void {
    this.#draining.set(service, (this.#draining.get(service) ?? 0) + 1);
    return () => {
      const left = (this.#draining.get(service) ?? 1) - 1;
      if (left > 0) this.#draining.set(service, left);
      else this.#draining.delete(service);
    };
  }

  #restore(file: NonNullable<SwitchesOptions['file']>): void {
    const { bus } = this.#options;
    const { slot, damaged } = readNameState((offset, length) => {
      const bytes = file.readAt(BAN_STATE_BYTES + offset, length);
      return 'code' in bytes ? undefined : bytes;
    });
    const slots = damaged.map((index) => BAN_SLOTS + index);
    if (slots.length > 0) bus.emit({ type: 'state-damaged', slots, restored: slot !== undefined });
    if (!slot) return;
    this.#sequence = slot.sequence + 1;
    for (const service of slot.names) {
      this.#off.add(service);
      bus.emit({ type: 'disabled', service });
    }
  }

  #save(done: () => void): void {
    this.#waiting.push(done);
    if (!this.#isSaving) this.#write();
  }

  /** One writing is for all who have come until it begins. */
  #write(): void {
    const { file } = this.#options;
    const waiting = this.#waiting;
    this.#waiting = [];
    const tell = (): void => {
      for (const done of waiting) done();
    };
    if (!file) {
      tell();
      return;
    }
    this.#isSaving = true;
    const bytes = encodeNameSlot({ sequence: this.#sequence, names: [...this.#off] });
    const writes = [{ offset: BAN_STATE_BYTES + nameSlotOffset(this.#sequence), bytes }];
    writeState({ file, writes: writes.values() }, (trouble) => {
      this.#isSaving = false;
      if (trouble) this.#failed(trouble);
      else this.#saved();
      tell();
      if (this.#waiting.length > 0) this.#write();
    });
  }

  #saved(): void {
    this.#callOff?.();
    this.#callOff = undefined;
    this.#sequence++;
    if (this.#isTroubled) this.#options.bus.emit({ type: 'state-saved' });
    this.#isTroubled = false;
  }

  /** Tried again in the same slot: the other one is whole. */
  #failed(trouble: { readonly action: 'write' | 'sync'; readonly code: string }): void {
    const { bus, world } = this.#options;
    if (!this.#isTroubled) bus.emit({ type: 'state-failed', ...trouble });
    this.#isTroubled = true;
    this.#callOff?.();
    this.#callOff = world.after(RETRY_MS, () => this.#save(() => {}));
  }
}
