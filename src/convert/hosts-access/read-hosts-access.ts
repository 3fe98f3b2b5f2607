import type { ForeignContext, ForeignDocument } from '../../config/foreign-format.ts';
import { convertTables } from './convert-tables.ts';
import { findTables } from './find-tables.ts';

/** Reads hosts.allow and hosts.deny as one document. */
export function readHostsAccess(paths: readonly string[], context: ForeignContext): ForeignDocument {
  const files = findTables(paths, context);
  return files ? convertTables(files, context) : { root: undefined, accounts: [] };
}
