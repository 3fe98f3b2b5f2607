import type { LineAccount } from '../config/foreign-format.ts';
import { lineIndexAt, type Place } from '../config/source.ts';

/** What became of an entry in the end. */
export type Outcome = Pick<LineAccount, 'kind' | 'name'>;

/** What became of some lines, before services have names. */
type Draft<Entry> = Omit<LineAccount, 'name'> & {
  readonly name: string | undefined;
  readonly entry: Entry | undefined;
};

/** Keeps the book of the lines of a conversion. */
export class LineAccounts<Entry> {
  readonly #drafts: Draft<Entry>[] = [];

  add(kind: LineAccount['kind'], place: Place, of: { name?: string; entry?: Entry } = {}): void {
    const { source, start, end } = place;
    const draft: Draft<Entry> = {
      kind,
      file: source.name,
      line: lineIndexAt(source, start) + 1,
      lastLine: lineIndexAt(source, Math.max(start, end - 1)) + 1,
      name: of.name,
      entry: of.entry,
    };
    const last = this.#drafts.at(-1);
    const isRun = last?.kind === kind && last.file === draft.file && (kind === 'comment' || kind === 'blank');
    if (last && isRun) this.#drafts[this.#drafts.length - 1] = { ...last, lastLine: draft.lastLine };
    else this.#drafts.push(draft);
  }

  /** The book, with what became of the entries in the end. */
  close(settle: (entry: Entry) => Outcome): readonly LineAccount[] {
    return this.#drafts.map(({ entry, ...account }) =>
      entry === undefined ? account : { ...account, ...settle(entry) },
    );
  }
}
