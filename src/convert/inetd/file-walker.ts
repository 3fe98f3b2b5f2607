import { type Budget, MOST_DEPTH, MOST_NODES } from '../../config/budget.ts';
import { quote } from '../../config/quote.ts';
import type { ForeignFile } from '../../config/read.ts';
import { Report } from '../../config/report.ts';
import type { Place } from '../../config/source.ts';
import { LineAccounts } from '../line-accounts.ts';
import { convertEntry, type ServiceDraft } from './convert-entry.ts';
import type { Dialect } from './dialect.ts';
import { disabledLine } from './disabled-line.ts';
import { DuplicateEntries } from './duplicate-entries.ts';
import { parseHosts } from './parse-hosts.ts';
import { parseKeyValues } from './parse-key-values.ts';
import { parsePositional } from './parse-positional.ts';
import { readStatements } from './read-statements.ts';
import type { ServiceEntry } from './service-entry.ts';
import type { Statement } from './statement.ts';
import { partOf, type Word } from './word.ts';

interface WalkOptions {
  readonly dialect: Dialect;
  readonly report: Report;
  readonly budget: Budget;
  /** Whether a line that begins with `#@` is a policy, or may be one. */
  readonly mindsPolicies: boolean;
  /** The files that a pattern of `.include` stands for, as seen from the file that it is in. */
  readonly include: (pattern: Word, from: ForeignFile) => readonly ForeignFile[];
}

type Words = Extract<Statement, { kind: 'words' }>;

/** What holds for the lines that follow, in this file and in those that it includes. */
interface Scope {
  readonly file: ForeignFile;
  /** How many files include it. */
  readonly depth: number;
  /** Where services listen that do not say so. */
  hosts: readonly Word[] | undefined;
  /** The IPsec policy that they are under. */
  policy: Place | undefined;
}

function cost(statement: Statement): number {
  if (statement.kind === 'words') return statement.words.length;
  if (statement.kind !== 'pairs') return 0;
  return statement.pairs.reduce((sum, { values }) => sum + 1 + values.length, 1);
}

/** Goes through files line by line, and collects services and what became of each line. */
export class FileWalker {
  readonly accounts: LineAccounts<ServiceEntry> = new LineAccounts();
  readonly #drafts: ServiceDraft[] = [];
  readonly #disabledDrafts: ServiceDraft[] = [];
  readonly #options: WalkOptions;
  readonly #duplicates = new DuplicateEntries();
  #disabled = 0;

  constructor(options: WalkOptions) {
    this.#options = options;
  }

  get drafts(): readonly ServiceDraft[] {
    return this.#drafts;
  }

  /** Entries that are commented out, as far as they can be read. */
  get disabledDrafts(): readonly ServiceDraft[] {
    return this.#disabledDrafts;
  }

  /** How many entries are commented out. */
  get disabled(): number {
    return this.#disabled;
  }

  /** False after a report when there is more than anybody can mean. */
  walk(file: ForeignFile, outer?: Scope): boolean {
    const depth = outer ? outer.depth + 1 : 0;
    const scope: Scope = { file, depth, hosts: outer?.hosts, policy: outer?.policy };
    for (const statement of readStatements(file.source, this.#options.dialect)) {
      if (!this.#pay(statement) || !this.#take(statement, scope)) return false;
    }
    return true;
  }

  #pay(statement: Statement): boolean {
    const { budget, report } = this.#options;
    budget.nodes -= cost(statement);
    if (budget.nodes >= 0) return true;
    const message = `Cannot read more than ${MOST_NODES} values, includes counted in`;
    report.add({ code: 'config/too-many-nodes', at: statement.place, message });
    return false;
  }

  #take(statement: Statement, scope: Scope): boolean {
    switch (statement.kind) {
      case 'blank':
        this.accounts.add('blank', statement.place);
        return true;
      case 'comment':
        this.#takeComment(statement.place, scope);
        return true;
      case 'words':
        return this.#takeDirective(statement, scope) ?? this.#takeService(statement, scope);
      case 'pairs':
        return this.#takeService(statement, scope);
    }
  }

  #takeComment(place: Place, scope: Scope): void {
    const text = place.source.text.slice(place.start, place.end);
    const line = disabledLine(place, this.#options.dialect);
    if (text.startsWith('#@') && this.#options.mindsPolicies) {
      const isReset = text.slice(2).trim() === '';
      scope.policy = isReset ? undefined : place;
      this.accounts.add('directive', place);
    } else if (line) {
      this.#takeDisabled(line, { place, scope });
    } else this.accounts.add('comment', place);
  }

  /** What is wrong with an entry that does not run anyway is nobody's trouble. */
  #takeDisabled(line: Words, { place, scope }: { readonly place: Place; readonly scope: Scope }): void {
    const { dialect } = this.#options;
    const report = new Report({ leavesOut: true });
    const context = { dialect, report, isUtf8: scope.file.isUtf8, defaultHosts: scope.hosts };
    const draft = report.alone(() => {
      const entry = parsePositional(line, context);
      const isAllowed = entry && this.#isAllowed(entry, { ...scope, report });
      return isAllowed ? convertEntry({ ...entry, isEnabled: false }, context) : undefined;
    });
    this.#disabled++;
    if (draft) this.#disabledDrafts.push(draft);
    const name = line.words[0]?.text ?? '';
    this.accounts.add('disabled', place, draft ? { entry: draft.entry } : { name });
  }

  /** `ADDRESS:` alone and `.include`; undefined for what is neither. */
  #takeDirective(statement: Words, scope: Scope): boolean | undefined {
    const { words, place } = statement;
    const [first, second] = words;
    const isAddress = words.length === 1 && first?.text.endsWith(':');
    const isDirective = this.#options.dialect.name === 'netbsd' && first?.text.startsWith('.');
    if (!first || (!isAddress && !isDirective)) return undefined;
    this.accounts.add('directive', place);
    if (isAddress) return this.#takeAddress(first, scope);
    if (first.text === '.include' && second) return this.#takeInclude(second, scope);
    const reason = first.text === '.include' ? 'the file is missing' : 'no such directive';
    const message = `Cannot use ${quote(first.text)}: ${reason}`;
    this.#options.report.add({ code: 'inetd/directive', at: first.place, message });
    return true;
  }

  #takeAddress(word: Word, scope: Scope): boolean {
    const hosts = parseHosts(partOf(word, 0, word.text.length - 1), this.#options);
    // A wrong address must not open what follows to all of them.
    scope.hosts = hosts ?? [];
    return true;
  }

  #takeInclude(pattern: Word, scope: Scope): boolean {
    if (scope.depth >= MOST_DEPTH) {
      const message = `Cannot include ${quote(pattern.text)}: files include each other ${MOST_DEPTH} deep`;
      this.#options.report.add({ code: 'inetd/directive', at: pattern.place, message });
      return true;
    }
    return this.#options.include(pattern, scope.file).every((file) => this.walk(file, scope));
  }

  #takeService(statement: Exclude<Statement, { kind: 'blank' | 'comment' }>, scope: Scope): boolean {
    const { report } = this.#options;
    const draft = report.alone(() => this.#draft(statement, scope));
    if (draft) this.#drafts.push(draft);
    this.accounts.add(draft ? 'service' : 'problem', statement.place, draft && { entry: draft.entry });
    return true;
  }

  #draft(
    statement: Exclude<Statement, { kind: 'blank' | 'comment' }>,
    scope: Scope,
  ): ServiceDraft | undefined {
    const { dialect, report } = this.#options;
    const context = { dialect, report, isUtf8: scope.file.isUtf8, defaultHosts: scope.hosts };
    const entry =
      statement.kind === 'words' ? parsePositional(statement, context) : parseKeyValues(statement, context);
    if (!entry || !this.#isAllowed(entry, { ...scope, report })) return undefined;
    const defaultHosts = scope.hosts?.map(({ text }) => text).join() ?? '*';
    if (this.#duplicates.check(entry, { defaultHosts, report })) return undefined;
    return convertEntry(entry, context);
  }

  /** Without the policy that it is to be under, a service would be open to those whom it keeps away. */
  #isAllowed(
    { head, hasOwnPolicy }: ServiceEntry,
    { policy, hosts, report }: Scope & { readonly report: Report },
  ): boolean {
    if (policy && !hasOwnPolicy) {
      const message = `Cannot serve ${quote(head.text)} under an IPsec policy: zinetd sets none`;
      const help = 'set the policy with ip-xfrm(8), and remove the "#@" line; or give its port to a firewall';
      const related = [{ at: policy, message: 'the policy is here' }];
      report.add({ code: 'inetd/ipsec', at: head.place, message, help, related });
      return false;
    }
    if (hosts?.length !== 0 || head.text.includes(':')) return true;
    const message = `Cannot serve ${quote(head.text)}: the address for it, further up, is none`;
    report.add({ code: 'inetd/address', at: head.place, message });
    return false;
  }
}
