import type { BigIntStats } from 'node:fs';

/** What tells a file of one moment from that of another, without reading it. */
export interface FileSignature {
  /** Undefined when it cannot be seen. */
  readonly identity: string | undefined;
  /** Changes with the content and the attributes; or why it cannot be seen, such as `ENOENT`. */
  readonly state: string;
}

export interface WatchedFile {
  readonly path: string;
  /** As it was just before it was read. */
  readonly signature: FileSignature;
}

/** Files that may appear in a directory. */
export interface WatchedGlob {
  readonly directory: string;
  /** As `include` has it: the whole path, with wildcards in the last component. */
  readonly pattern: string;
  /** Of the directory, just before it was listed. */
  readonly signature: FileSignature;
}

export function signatureOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): FileSignature {
  return { identity: `${dev}:${ino}`, state: `${size}:${mtimeNs}:${ctimeNs}` };
}

/** Of a file that cannot be seen. */
export function signatureOfError(error: unknown): FileSignature {
  return { identity: undefined, state: (error as NodeJS.ErrnoException).code ?? 'EIO' };
}
