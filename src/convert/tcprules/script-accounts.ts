import type { ForeignFile } from '../../config/read.ts';
import { lineIndexAt } from '../../config/source.ts';
import type { LineAccounts } from '../line-accounts.ts';
import type { Entry } from './asked-entry.ts';
import { linesOf } from './read-rules.ts';
import type { ScriptPart } from './script-reader.ts';

const RANKS = { directive: 0, service: 1, problem: 2 } as const;

/** Which part a line belongs to; of several in one line the one that matters more. */
function partsByLine(file: ForeignFile, parts: readonly ScriptPart[]): ReadonlyMap<number, ScriptPart> {
  const lines = new Map<number, ScriptPart>();
  for (const part of parts) {
    const { start, end } = part.place;
    const last = lineIndexAt(file.source, Math.max(start, end - 1));
    for (let line = lineIndexAt(file.source, start); line <= last; line++) {
      const other = lines.get(line);
      if (!other || RANKS[part.kind] > RANKS[other.kind]) lines.set(line, part);
    }
  }
  return lines;
}

/** Accounts for each line of a script. */
export function accountScript(
  file: ForeignFile,
  { parts, accounts }: { readonly parts: readonly ScriptPart[]; readonly accounts: LineAccounts<Entry> },
): void {
  const lines = partsByLine(file, parts);
  let open: { part: ScriptPart; start: number; end: number } | undefined;
  const close = (): void => {
    if (!open) return;
    const { part, start, end } = open;
    const place = { source: file.source, start, end };
    accounts.add(part.kind, place, part.service ? { entry: part.service } : {});
    open = undefined;
  };
  for (const [index, place] of Array.from(linesOf(file)).entries()) {
    const part = lines.get(index);
    // An empty line has no character of its own but its newline.
    const end = Math.max(place.end, place.start + 1);
    if (open && open.part === part) open.end = end;
    else {
      close();
      if (part) open = { part, start: place.start, end };
      else {
        const text = place.source.text.slice(place.start, place.end).trim();
        accounts.add(text.startsWith('#') ? 'comment' : 'blank', place);
      }
    }
  }
  close();
}
