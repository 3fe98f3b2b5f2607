import { type Budget, MOST_DEPTH } from '../../config/budget.ts';
import { quote } from '../../config/quote.ts';
import type { ForeignFile } from '../../config/read.ts';
import type { Problem, Report } from '../../config/report.ts';
import type { Place } from '../../config/source.ts';
import { LineAccounts } from '../line-accounts.ts';
import { AttributeTable } from './attribute-table.ts';
import { type BlockContext, loseBlock, pay, readBlock, skipBlock } from './block.ts';
import type { Word } from './entry.ts';
import type { EntryDraft } from './entry-draft.ts';
import { isOnly, LineCursor, spanning, textOf } from './line-cursor.ts';
import { lineFault } from './line-fault.ts';
import { loseDefaults } from './lose-defaults.ts';
import { readService } from './read-service.ts';
import { splitWords } from './split-words.ts';
import type { Found } from './xinetd-files.ts';

/** Where the files are that others name; what is wrong with them is in the report. */
export interface IncludedFiles {
  read(name: string, at: Problem['at']): Found<ForeignFile>;
  list(directory: string, at: Problem['at']): Found<readonly string[]>;
}

interface WalkOptions {
  readonly report: Report;
  readonly budget: Budget;
  readonly files: IncludedFiles;
}

/** A file on the way. */
interface Scope extends BlockContext {
  /** How many files include it. */
  readonly depth: number;
  /** Only the first of a file counts. */
  hasDefaults: boolean;
}

/** Goes through files as xinetd does, and collects services and what became of each line. */
export class FileWalker {
  readonly accounts: LineAccounts<EntryDraft> = new LineAccounts();
  readonly #defaults = new AttributeTable('defaults');
  readonly #drafts: EntryDraft[] = [];
  readonly #lost: Word[] = [];
  readonly #options: WalkOptions;
  #isOver = false;
  #defaultsAt: Place | undefined;

  constructor(options: WalkOptions) {
    this.#options = options;
  }

  get defaults(): AttributeTable['attributes'] {
    return this.#defaults.attributes;
  }

  /** The line that begins them. */
  get defaultsAt(): Place | undefined {
    return this.#defaultsAt;
  }

  get drafts(): readonly EntryDraft[] {
    return this.#drafts;
  }

  /** The names of the services that were left out. */
  get lost(): readonly Word[] {
    return this.#lost;
  }

  /** False after a report that leaves nothing to go on with. */
  walk({ source, isUtf8 }: ForeignFile, depth = 0): boolean {
    const cursor = new LineCursor(source);
    const scope: Scope = { ...this.#options, cursor, isUtf8, depth, hasDefaults: false };
    for (let line = cursor.next(); line && !this.#isOver; line = cursor.next()) {
      if (line.kind !== 'text') this.accounts.add(line.kind, line.place);
      else if (pay({ at: line.place, cost: 1 }, scope)) this.#takeHead(line.place, scope);
      else this.#isOver = true;
    }
    return !this.#isOver;
  }

  #takeHead(line: Place, scope: Scope): void {
    const words = splitWords(line);
    const keyword = words[0]?.text.toLowerCase() ?? '';
    const fault = lineFault(line, scope) ?? headFault(line, words);
    if (fault) {
      scope.report.add(fault);
      this.#takeStray(line, scope);
      if (MEANT_AS_DEFAULTS.test(keyword)) this.#loseDefaults(line, scope);
      return;
    }
    const [name, surplus] = keyword === 'defaults' ? [undefined, words[1]] : [words[1], words[2]];
    if (surplus) this.#warnOfSurplus(keyword, surplus);
    if (keyword === 'defaults') this.#takeDefaults(line, scope);
    else if (name && keyword === 'service') this.#takeService(name, { line, scope });
    else if (name) this.#takeInclude(keyword, name, { line, scope });
  }

  #warnOfSurplus(keyword: string, surplus: Word): void {
    const message = `Ignored ${quote(surplus.text)} and what follows behind "${keyword}", as xinetd does`;
    this.#options.report.add({ code: 'xinetd/surplus', at: surplus.place, message });
  }

  /** A line that begins nothing: xinetd goes on behind the next `}`. */
  #takeStray(line: Place, scope: Scope): void {
    this.#end(skipBlock(scope, line));
    this.accounts.add('problem', spanning(line, scope.cursor.last));
  }

  #end(end: string): void {
    if (end === 'fatal') this.#isOver = true;
  }

  /** Whether a `{` follows; where it does not, the block is lost after a report. */
  #open(line: Place, scope: Scope): boolean {
    const brace = scope.cursor.nextText();
    if (brace && isOnly(brace, '{')) return true;
    const message = `Cannot read ${quote(textOf(line).trim())}: "{" must stand alone on the next line`;
    scope.report.add({ code: 'xinetd/brace', at: line, message });
    if (brace) this.#end(loseBlock(scope, { line: brace, cause: line }));
    return false;
  }

  /** As xinetd ends at what is wrong there, so does this. */
  #takeDefaults(line: Place, scope: Scope): void {
    const { cursor, report } = scope;
    const isSecond = scope.hasDefaults;
    scope.hasDefaults = true;
    this.#defaultsAt ??= line;
    const isRead = !isSecond && report.alone(() => this.#open(line, scope) && this.#readDefaults(scope));
    if (isSecond) this.#skipDefaults(line, scope);
    this.accounts.add(isSecond ? 'problem' : 'directive', spanning(line, cursor.last));
    if (!isSecond && !isRead) this.#loseDefaults(line, scope);
  }

  #loseDefaults(line: Place, { report }: Scope): void {
    loseDefaults(line, report);
    this.#isOver = true;
  }

  #skipDefaults(line: Place, scope: Scope): void {
    const message = 'Cannot use a second "defaults": xinetd ignores it';
    const help = 'put everything into the first one';
    scope.report.add({ code: 'xinetd/defaults', at: line, message, help });
    this.#end(skipBlock(scope, line));
  }

  #readDefaults(scope: Scope): boolean {
    const end = readBlock(scope, (assignment, context) => {
      this.#defaults.apply(assignment, context);
      return true;
    });
    return end === 'closed';
  }

  #takeService(name: Word, { line, scope }: { readonly line: Place; readonly scope: Scope }): void {
    const read = scope.report.alone(() => {
      const service = this.#open(line, scope) ? readService(scope, this.defaults) : undefined;
      if (service) this.#end(service.end);
      return service;
    });
    const place = spanning(line, scope.cursor.last);
    if (read) {
      const { end: _, ...service } = read;
      const entry: EntryDraft = { ...service, name, place };
      this.#drafts.push(entry);
      this.accounts.add('service', place, { entry });
    } else {
      this.#lost.push(name);
      this.accounts.add('problem', place);
    }
  }

  #takeInclude(
    keyword: string,
    name: Word,
    { line, scope }: { readonly line: Place; readonly scope: Scope },
  ): void {
    this.accounts.add('directive', line);
    if (keyword === 'includedir') this.#includeDirectory(name, scope);
    else this.#include(name, scope);
  }

  #include(name: Word, scope: Scope): void {
    const depth = scope.depth + 1;
    if (depth > MOST_DEPTH) {
      const message = `Cannot include ${quote(name.text)}: files include each other ${MOST_DEPTH} deep`;
      scope.report.add({ code: 'xinetd/include', at: name.place, message });
      this.#isOver = true;
      return;
    }
    this.#walkFound(this.#options.files.read(name.text, name.place), depth);
  }

  #includeDirectory(name: Word, scope: Scope): void {
    const found = this.#options.files.list(name.text, name.place);
    if (found.kind === 'refused') this.#isOver = true;
    for (const path of found.kind === 'found' ? found.value : []) {
      if (this.#isOver) return;
      this.#include({ text: path, place: name.place }, scope);
    }
  }

  #walkFound(found: Found<ForeignFile>, depth: number): void {
    if (found.kind === 'refused') this.#isOver = true;
    if (found.kind === 'found') this.walk(found.value, depth);
  }
}

const KEYWORDS: ReadonlySet<string> = new Set(['service', 'defaults', 'include', 'includedir']);
/** Also with a brace, a colon or a carriage return at it, or without its end: it may be all that keeps services shut. */
const MEANT_AS_DEFAULTS = /^[^a-z]*defaults?(?![a-z])/i;

/** Why a line begins nothing; undefined if it does. */
function headFault(line: Place, [keyword, name]: readonly Word[]): Problem | undefined {
  const lower = keyword?.text.toLowerCase() ?? '';
  if (!KEYWORDS.has(lower)) {
    const message = `Cannot read ${quote(textOf(line).trim())}: a line here begins with "service", "defaults", "include" or "includedir"`;
    return { code: 'xinetd/syntax', at: line, message };
  }
  if (name || lower === 'defaults') return undefined;
  const message = `Cannot read "${lower}": a name must stand behind it`;
  return { code: 'xinetd/syntax', at: line, message };
}
