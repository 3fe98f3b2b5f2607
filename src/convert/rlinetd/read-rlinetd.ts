import type { ForeignContext, ForeignDocument } from '../../config/foreign-format.ts';
import { convertFiles } from './convert-files.ts';
import { RlinetdFiles } from './rlinetd-files.ts';

/** Reads files of rlinetd, directories of them, and what they name, as one document. */
export function readRlinetd(paths: readonly string[], context: ForeignContext): ForeignDocument {
  const files = new RlinetdFiles(context);
  const found = files.readAll(paths);
  if (found.kind !== 'found') return { root: undefined, accounts: [] };
  return convertFiles(found.value, { ...context, files, name: paths[0] ?? '' });
}
