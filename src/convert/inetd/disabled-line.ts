import type { Place } from '../../config/source.ts';
import { commentEntry, OUT_OF_SERVICE } from './comment-entry.ts';
import type { Dialect } from './dialect.ts';
import { splitWords } from './split-words.ts';
import type { Statement } from './statement.ts';

/** The entry that a comment takes out of service, as a line of its own; undefined for prose. */
export function disabledLine(
  { source, start, end }: Place,
  dialect: Dialect,
): Extract<Statement, { kind: 'words' }> | undefined {
  const text = source.text.slice(start, end);
  if (!commentEntry(text)) return undefined;
  const from = start + (OUT_OF_SERVICE.exec(text)?.[0].length ?? 0);
  const { words } = splitWords({ pieces: [{ start: from, end }] }, { source, dialect });
  return { kind: 'words', place: { source, start: from, end }, words, fault: undefined };
}
