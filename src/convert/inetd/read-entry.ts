import type { ForeignContext, ForeignDocument } from '../../config/foreign-format.ts';
import { makeSource } from '../../config/source.ts';
import { convertFiles } from './convert-files.ts';

/** Reads one line of an inetd.conf as Debian has it, which nobody wrote into a file yet; `\t` stands for a tab. */
export function readEntry(line: string, context: ForeignContext): ForeignDocument {
  const source = makeSource('the entry', `${line.replaceAll('\\t', '\t')}\n`);
  const files = [{ path: '', source, isUtf8: true }];
  return convertFiles(files, { ...context, dialect: 'debian', hasDirectory: false, include: () => [] });
}
