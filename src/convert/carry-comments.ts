import type { LineAccount } from '../config/foreign-format.ts';
import type { DocumentComments } from '../config/render-yaml.ts';

/** Comments on the way to the service that follows them. */
class Pending {
  #lines: string[] = [];

  add(lines: readonly string[]): void {
    for (const line of lines) this.#lines.push(line);
  }

  /** Two paragraphs stay two. */
  endParagraph(): void {
    if (this.#lines.length > 0 && this.#lines.at(-1) !== '') this.#lines.push('');
  }

  take(): readonly string[] {
    const lines = this.#lines;
    this.#lines = [];
    return lines;
  }
}

/** What comes before the first service and is not next to it is about the file as a whole. */
function splitHead(lines: readonly string[]): readonly [head: readonly string[], beside: readonly string[]] {
  const end = lines.lastIndexOf('') + 1;
  return [lines.slice(0, end), lines.slice(end)];
}

/** Each comment goes where the service is that it stands at, and otherwise to the next one. */
export function carryComments(
  accounts: readonly LineAccount[],
  isKept: (name: string) => boolean,
): DocumentComments {
  const beside = new Map<string, readonly string[]>();
  const pending = new Pending();
  let head: readonly string[] = [];
  for (const { kind, name, comments } of accounts) {
    if (kind === 'blank') pending.endParagraph();
    pending.add(comments);
    if (kind !== 'service' && kind !== 'disabled' && kind !== 'problem') continue;
    if (name === undefined || !isKept(name)) {
      pending.endParagraph();
      continue;
    }
    const lines = pending.take();
    const [first, own] = beside.size === 0 ? splitHead(lines) : [[], lines];
    head = [...head, ...first];
    beside.set(name, [...(beside.get(name) ?? []), ...own]);
  }
  return { head, beside, tail: pending.take() };
}
