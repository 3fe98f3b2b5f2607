import { stat } from 'node:fs/promises';
import { type FileSignature, signatureOf, signatureOfError } from '../model/file-signature.ts';

/** What nobody knew of was not there. */
const ABSENT: FileSignature = { identity: undefined, state: 'ENOENT' };

/** The files of one moment, to be told from those of another. */
export class Signatures {
  readonly #byPath: ReadonlyMap<string, FileSignature>;

  constructor(byPath: ReadonlyMap<string, FileSignature> = new Map()) {
    this.#byPath = byPath;
  }

  static async of(files: Iterable<string>): Promise<Signatures> {
    const signatures = Array.from(files, async (path) => {
      const signature = await stat(path, { bigint: true }).then(signatureOf, signatureOfError);
      return [path, signature] as const;
    });
    return new Signatures(new Map(await Promise.all(signatures)));
  }

  equals(other: Signatures): boolean {
    return Array.from(this.#byPath).every(([path, { identity, state }]) => {
      const there = other.#byPath.get(path) ?? ABSENT;
      return there.identity === identity && there.state === state;
    });
  }

  has(path: string): boolean {
    return this.#byPath.has(path);
  }

  entries(): Iterable<[string, FileSignature]> {
    return this.#byPath.entries();
  }
}
