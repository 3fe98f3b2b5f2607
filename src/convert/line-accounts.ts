import type { LineAccount } from '../config/foreign-format.ts';
import { lineIndexAt, type Place } from '../config/source.ts';

/** What became of an entry in the end. */
export type Outcome = Pick<LineAccount, 'kind' | 'name'>;

/** What became of some lines, before services have names. */
type Draft<Entry> = Omit<LineAccount, 'name' | 'lastLine' | 'comments'> & {
  lastLine: number;
  readonly comments: string[];
  readonly name: string | undefined;
  readonly entry: Entry | undefined;
};

const COMMENT = /^[ \t]*[#;]([^\r\n]*)/;

/** What people wrote in these lines for each other, without the mark; a service on one line has nothing of that. */
function addComments(to: string[], { kind, place, first, last }: Lines): void {
  const { text, lineStarts } = place.source;
  if (kind === 'blank' || (kind !== 'comment' && first === last)) return;
  for (let index = first; index <= last; index++) {
    const line = text.slice(lineStarts[index], lineStarts[index + 1] ?? text.length);
    const comment = COMMENT.exec(line)?.[1];
    if (comment !== undefined) to.push(comment);
  }
}

interface Lines {
  readonly kind: LineAccount['kind'];
  readonly place: Place;
  /** Indexes of lines. */
  readonly first: number;
  readonly last: number;
}

function linesAt(kind: LineAccount['kind'], place: Place): Lines {
  const { source, start, end } = place;
  const first = lineIndexAt(source, start);
  return { kind, place, first, last: end - start <= 1 ? first : lineIndexAt(source, end - 1) };
}

/** Keeps the book of the lines of a conversion. */
export class LineAccounts<Entry> {
  readonly #drafts: Draft<Entry>[] = [];

  add(kind: LineAccount['kind'], place: Place, of: { name?: string; entry?: Entry } = {}): void {
    const lines = linesAt(kind, place);
    const file = place.source.name;
    const before = this.#drafts.at(-1);
    const isRun = before?.kind === kind && before.file === file && (kind === 'comment' || kind === 'blank');
    const draft: Draft<Entry> = isRun
      ? before
      : { kind, file, line: lines.first + 1, lastLine: 0, comments: [], name: of.name, entry: of.entry };
    draft.lastLine = lines.last + 1;
    addComments(draft.comments, lines);
    if (draft !== before) this.#drafts.push(draft);
  }

  /** The book, with what became of the entries in the end. */
  close(settle: (entry: Entry) => Outcome): readonly LineAccount[] {
    return this.#drafts.map(({ entry, ...account }) =>
      entry === undefined ? account : { ...account, ...settle(entry) },
    );
  }
}
