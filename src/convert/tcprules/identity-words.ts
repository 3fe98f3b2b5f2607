import type { Report } from '../../config/report.ts';
import { knownText, partOf } from './option-words.ts';
import type { ShellWord } from './shell-word.ts';
import type { WrittenIdentity } from './surroundings.ts';

/** `user`, `user:group:group`, and `:uid:gid`; undefined after a report. */
export function parseIdentity(word: ShellWord, report: Report): WrittenIdentity | undefined {
  if (word.id?.of === 'user') return { user: { ...word, text: word.id.name, unknown: undefined } };
  if (knownText(word, report) === undefined) return undefined;
  const first = word.text.startsWith(':') ? 1 : 0;
  const parts: ShellWord[] = [];
  for (let at = first; at <= word.text.length; ) {
    const colon = word.text.indexOf(':', at);
    const end = colon === -1 ? word.text.length : colon;
    parts.push(partOf(word, at, end));
    at = end + 1;
  }
  const [user = word, group, ...groups] = parts;
  return { user, group, groups: groups.length > 0 ? groups : undefined };
}
