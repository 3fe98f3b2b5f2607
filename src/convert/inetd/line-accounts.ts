import type { LineAccount } from '../../config/foreign-format.ts';
import { lineIndexAt, type Place } from '../../config/source.ts';
import type { ServiceEntry } from './service-entry.ts';

/** What became of some lines, before services have names. */
type Draft = Omit<LineAccount, 'name'> & {
  readonly name: string | undefined;
  readonly entry: ServiceEntry | undefined;
};

/** Keeps the book of the lines of a conversion. */
export class LineAccounts {
  readonly #drafts: Draft[] = [];

  add(kind: LineAccount['kind'], place: Place, of: { name?: string; entry?: ServiceEntry } = {}): void {
    const { source, start, end } = place;
    const draft: Draft = {
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

  /** The book, with the names that services were given in the end. */
  close(names: ReadonlyMap<ServiceEntry, string>): readonly LineAccount[] {
    return this.#drafts.map(({ entry, ...account }) => {
      if (!entry) return account;
      const name = names.get(entry);
      return name === undefined ? { ...account, kind: 'problem' } : { ...account, name };
    });
  }
}
