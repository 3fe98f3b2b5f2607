import { quote } from '../../config/quote.ts';
import type { ForeignFile } from '../../config/read.ts';
import type { Report } from '../../config/report.ts';
import { hasSocketType, isEntryShaped } from './entry-shape.ts';

const MOST_CHARACTERS = 1024;

/** A line that says nothing of what the file is: blank, a comment, an address, a directive. */
function isNeutral(line: string): boolean {
  return line === '' || line.startsWith('#') || /^\S+:$/.test(line) || line.startsWith('.');
}

/** Whether a file is an inetd.conf at all; false after a report. INI files and other tables have lines, too. */
export function checkLookalike({ source }: ForeignFile, report: Report): boolean {
  let first: { readonly start: number; readonly text: string } | undefined;
  for (const [index, start] of source.lineStarts.entries()) {
    const nextStart = source.lineStarts[index + 1] ?? source.text.length;
    const text = source.text.slice(start, Math.min(nextStart, start + MOST_CHARACTERS)).trim();
    if (isNeutral(text)) continue;
    const fields = text.split(/[ \t]+/, 6);
    if (hasSocketType(fields) || /^(wait|nowait)/.test(fields[3] ?? '') || isEntryShaped(fields)) return true;
    first ??= { start, text };
  }
  if (!first) return true;
  const { start, text } = first;
  report.add({
    code: 'inetd/not-inetd',
    at: { source, start, end: start + text.length },
    message: `Cannot read ${quote(source.name)} as inetd.conf: no line has a socket type as its second field`,
    help: 'an entry reads "finger stream tcp nowait nobody /usr/sbin/in.fingerd in.fingerd"',
  });
  return false;
}
