import { lineIndexAt, type Place, type Source } from '../../config/source.ts';
import type { LineAccounts } from '../line-accounts.ts';
import type { Item } from './item.ts';
import type { RlinetdService } from './rlinetd-service.ts';

type Accounts = LineAccounts<RlinetdService>;

function lineAt(source: Source, index: number): Place {
  const start = source.lineStarts[index] ?? source.text.length;
  const next = source.lineStarts[index + 1];
  return { source, start, end: next === undefined ? source.text.length : next - 1 };
}

/** Lines that belong to nothing are blank, or have a comment. */
function fill(source: Source, [from, to]: readonly [number, number], accounts: Accounts): void {
  for (let index = from; index < to; index++) {
    const line = lineAt(source, index);
    if (line.start === source.text.length) return;
    accounts.add(source.text.slice(line.start, line.end).trim() === '' ? 'blank' : 'comment', line);
  }
}

/** Puts all lines of a file into the book, those of its items and those between. */
export function fillLines(items: readonly Item[], source: Source, accounts: Accounts): void {
  let line = 0;
  for (const { kind, place, service } of items) {
    fill(source, [line, lineIndexAt(source, place.start)], accounts);
    accounts.add(kind, place, service && { entry: service });
    line = Math.max(line, lineIndexAt(source, Math.max(place.start, place.end - 1)) + 1);
  }
  fill(source, [line, source.lineStarts.length], accounts);
}
