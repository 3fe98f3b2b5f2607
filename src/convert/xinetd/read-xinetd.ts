import type { ForeignContext, ForeignDocument } from '../../config/foreign-format.ts';
import { convertFiles } from './convert-files.ts';
import { XinetdFiles } from './xinetd-files.ts';

/** Reads files of xinetd, directories of them, and what they include, as one document. */
export function readXinetd(paths: readonly string[], context: ForeignContext): ForeignDocument {
  const files = new XinetdFiles(context);
  const found = files.readAll(paths);
  if (found.kind !== 'found') return { root: undefined, accounts: [] };
  return convertFiles(found.value, { ...context, files });
}
