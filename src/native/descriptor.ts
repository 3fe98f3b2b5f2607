import { constants } from 'node:os';
import { InvariantError } from '../model/errors.ts';
import type { Binding } from './binding.ts';
import { checked } from './errno.ts';

/**
 * One open descriptor with one owner. Closing is final: the number may be somebody else's a moment later, so
 * that a second use is a bug that must be loud (S138).
 */
export class Descriptor {
  readonly #binding: Binding;
  #fd: number;

  constructor(binding: Binding, fd: number) {
    this.#binding = binding;
    this.#fd = fd;
  }

  /** The number, for a call of the binding that is made at once. */
  get fd(): number {
    if (this.#fd < 0) throw new InvariantError('Used a descriptor after it was closed');
    return this.#fd;
  }

  /** What close(2) says of a file system that could not write is no more to be helped: the descriptor is gone all the same. */
  close(): void {
    const fd = this.fd;
    this.#fd = -1;
    const result = this.#binding.close(fd);
    if (result === -constants.errno.EBADF) checked(result, { call: 'close', subject: `descriptor ${fd}` });
  }
}
