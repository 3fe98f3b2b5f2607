import type { FileSignature, WatchedFile, WatchedGlob } from '../model/file-signature.ts';
import { lookAtFile } from './look-at-file.ts';

/** What a configuration is read from, each as it was just before it was read: later it is told from what it is then. */
export class Sightings {
  readonly #own = new Map<string, FileSignature>();
  readonly #side = new Map<string, FileSignature>();
  readonly #globs = new Map<string, WatchedGlob>();

  /** A file of the configuration itself. */
  own(path: string): void {
    if (!this.#own.has(path)) this.#own.set(path, lookAtFile(path));
  }

  /** A file that it names, such as a list of addresses. */
  side(path: string): void {
    if (!this.#side.has(path)) this.#side.set(path, lookAtFile(path));
  }

  /** Where files of the configuration are looked for. */
  glob(directory: string, pattern: string): void {
    if (!this.#globs.has(pattern))
      this.#globs.set(pattern, { directory, pattern, signature: lookAtFile(directory) });
  }

  get files(): readonly WatchedFile[] {
    return Array.from([...this.#own, ...this.#side], ([path, signature]) => ({ path, signature }));
  }

  get sideFiles(): readonly WatchedFile[] {
    return Array.from(this.#side, ([path, signature]) => ({ path, signature }));
  }

  get globs(): readonly WatchedGlob[] {
    return [...this.#globs.values()];
  }
}
