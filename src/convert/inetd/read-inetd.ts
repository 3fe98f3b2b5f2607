import type { ForeignContext, ForeignDocument } from '../../config/foreign-format.ts';
import { convertFiles } from './convert-files.ts';
import type { DialectName } from './dialect.ts';
import { InetdFiles } from './inetd-files.ts';

/** Reads files of inetd, and what they include, as one document. */
export function readInetd(
  paths: readonly string[],
  options: ForeignContext & { readonly dialect: DialectName | undefined },
): ForeignDocument {
  const reader = new InetdFiles(options);
  const { files, hasDirectory } = reader.readAll(paths);
  return convertFiles(files, {
    ...options,
    hasDirectory,
    include: (pattern, from) => reader.include(pattern, from),
  });
}
