import type { ForeignFile } from '../../config/read.ts';
import type { Problem } from '../../config/report.ts';

/**
 * What there is under a name. `missing` is passed over after a report; `refused` is there, but cannot be read, so that
 * nobody knows what the services of other files would lack without it.
 */
export type Found<T> =
  | { readonly kind: 'found'; readonly value: T }
  | { readonly kind: 'missing' | 'refused' };

/** Where the files are that "directory" means; what is wrong with them is in the report. */
export interface DirectoryFiles {
  read(name: string, at: Problem['at']): Found<ForeignFile>;
  /** Their paths by name: the order of the directory itself is anybody's guess. */
  list(directory: string, isMeant: (name: string) => boolean, at: Problem['at']): Found<readonly string[]>;
}
