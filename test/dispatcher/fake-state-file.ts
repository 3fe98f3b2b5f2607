import { type BanWrite, banSlotLength } from '../../src/admission/ban-slot.ts';
import { type BanState, banSlotOffset, readBanState } from '../../src/admission/ban-state.ts';
import type { StateDone, StateFault } from '../../src/dispatcher/state-file.ts';

/** A file in memory, with a disk that can be full, slow or broken. Only headers and records, never the hole. */
export class FakeStateFile {
  /** What a write or a sync gives, until it is taken away. */
  fault: { readonly on: 'write' | 'sync' | 'read'; readonly code: string } | undefined;
  /** Before each write. */
  onWrite: () => void = () => {};
  /** Once true, nothing is ever done. */
  hangs = false;
  syncs = 0;
  readonly writes: BanWrite[] = [];
  readonly #slots: [Uint8Array, Uint8Array] = [new Uint8Array(), new Uint8Array()];

  #faultOf(on: 'write' | 'sync' | 'read'): StateFault | undefined {
    return this.fault?.on === on ? { code: this.fault.code } : undefined;
  }

  readonly readAt = (offset: number, length: number): Uint8Array | StateFault => {
    const slot = this.#slots[offset < banSlotOffset(1) ? 0 : 1];
    const start = offset % banSlotOffset(1);
    return this.#faultOf('read') ?? slot.slice(start, start + length);
  };

  readonly write = ({ offset, bytes }: BanWrite, done: StateDone): void => {
    this.onWrite();
    const fault = this.#faultOf('write');
    if (!fault) this.#put({ offset, bytes });
    if (!this.hangs) done(fault);
  };

  readonly sync = (done: StateDone): void => {
    const fault = this.#faultOf('sync');
    if (!fault) this.syncs++;
    done(fault);
  };

  #put({ offset, bytes }: BanWrite): void {
    this.writes.push({ offset, bytes });
    const index = offset < banSlotOffset(1) ? 0 : 1;
    const start = offset % banSlotOffset(1);
    const slot = new Uint8Array(Math.max(this.#slots[index].length, start + bytes.length));
    slot.set(this.#slots[index]);
    slot.set(bytes, start);
    this.#slots[index] = slot;
  }

  /** Changes a byte of what counts. */
  damage(index: 0 | 1): void {
    const slot = this.#slots[index];
    const last = (banSlotLength(slot) ?? slot.length) - 1;
    slot[last] = (slot[last] ?? 0) ^ 1;
  }

  state(): BanState {
    return readBanState((offset, length) => {
      const bytes = this.readAt(offset, length);
      return 'code' in bytes ? undefined : bytes;
    });
  }
}
