import { type Budget, MOST_NODES } from '../../config/budget.ts';
import { quote } from '../../config/quote.ts';
import type { ForeignFile } from '../../config/read.ts';
import type { Report } from '../../config/report.ts';
import type { Place } from '../../config/source.ts';
import { LineAccounts } from '../line-accounts.ts';
import { checkDirectives, checkForm } from './check-directives.ts';
import type { Directive } from './directive.ts';
import { type Form, LOG_FORMS, SERVICE_FORMS, TOP_FORMS } from './directive-forms.ts';
import type { DirectoryFiles } from './directory-files.ts';
import { fillLines } from './fill-lines.ts';
import type { Item } from './item.ts';
import { matchesPattern } from './match-pattern.ts';
import { type PatternFault, parsePattern } from './parse-pattern.ts';
import type { PatternNode } from './pattern-node.ts';
import { readDirective, type SyntaxFault } from './read-directive.ts';
import type { LogTarget, RlinetdService, ServiceParts } from './rlinetd-service.ts';
import { NO_PARTS, partsOf, withDefaults } from './service-parts.ts';
import { spanning, type Token } from './token.ts';
import { TokenCursor } from './token-cursor.ts';

export interface WalkOptions {
  readonly report: Report;
  readonly budget: Budget;
  readonly files: DirectoryFiles;
}

/** A file on the way. */
interface Scope {
  readonly file: ForeignFile;
  readonly cursor: TokenCursor;
  /** "directory" has named it. */
  readonly isOfDirectory: boolean;
  /** What became of which part of it. */
  readonly items: Item[];
}

/** Goes through files as rlinetd does, and collects services and what became of each line. */
export class FileWalker {
  readonly accounts: LineAccounts<RlinetdService> = new LineAccounts();
  readonly #services: RlinetdService[] = [];
  readonly #options: WalkOptions;
  readonly #logs = new Map<string, LogTarget>();
  readonly #queue: string[] = [];
  #queueAt: Place | undefined;
  #defaults: ServiceParts = NO_PARTS;
  #isOver = false;

  constructor(options: WalkOptions) {
    this.#options = options;
  }

  get services(): readonly RlinetdService[] {
    return this.#services;
  }

  /** These files, then those that they name; false after a report that leaves nothing to go on with. */
  walkAll(files: readonly ForeignFile[]): boolean {
    for (const file of files) this.#walk(file, false);
    for (let path = this.#queue.shift(); path !== undefined && !this.#isOver; path = this.#queue.shift()) {
      const found = this.#options.files.read(path, this.#queueAt ?? { file: path });
      if (found.kind === 'refused') this.#isOver = true;
      if (found.kind === 'found') this.#walk(found.value, true);
    }
    return !this.#isOver;
  }

  #walk(file: ForeignFile, isOfDirectory: boolean): void {
    if (this.#isOver) return;
    const cursor = new TokenCursor(file.source);
    const scope: Scope = { file, cursor, isOfDirectory, items: [] };
    for (let token = cursor.next(); token && !this.#isOver; token = cursor.next())
      this.#takeItem(token, scope);
    const quoteAt = cursor.openQuote;
    if (!this.#isOver && quoteAt)
      this.#end({ at: quoteAt, reason: 'nothing ends the text that begins here' });
    if (!this.#isOver) fillLines(scope.items, file.source, this.accounts);
  }

  /** What follows might have been all that keeps services shut: rlinetd itself reads no further either. */
  #end({ at, reason }: SyntaxFault): void {
    this.#isOver = true;
    const message = `Cannot read the configuration: ${reason}`;
    const help = 'rlinetd does not start with it';
    this.#options.report.add({ code: 'rlinetd/syntax', at, message, help });
  }

  #pay(place: Place, tokens: number): boolean {
    const { budget, report } = this.#options;
    budget.nodes -= tokens;
    if (budget.nodes >= 0) return true;
    this.#isOver = true;
    const message = `Cannot read more than ${MOST_NODES} values, all files counted in`;
    report.add({ code: 'config/too-many-nodes', at: place, message });
    return false;
  }

  #takeItem(token: Token, scope: Scope): void {
    const form = token.kind === 'word' ? TOP_FORMS.get(token.text) : undefined;
    if (token.kind === 'mark' && token.text === ';') this.#takeSemicolon(token, scope);
    else if (form) this.#takeDirective(token, { form, scope });
    else {
      const names = [...TOP_FORMS.keys()].map((name) => `"${name}"`).join(', ');
      this.#end({ at: token.place, reason: `one of ${names} must stand here` });
    }
  }

  #takeDirective(token: Token, { form, scope }: { readonly form: Form; readonly scope: Scope }): void {
    const before = scope.cursor.count;
    const directive = readDirective(token, scope.cursor);
    if (!this.#pay(token.place, scope.cursor.count - before + 1)) return;
    const swallowed = scope.cursor.defaults;
    if (swallowed && swallowed.start > token.place.start) {
      this.#end({
        at: swallowed,
        reason: '"defaults" cannot stand here; perhaps a "}" is missing before it',
      });
    } else if ('reason' in directive) this.#recover(token, directive, scope);
    else if (checkForm(directive, form, this.#contextOf(scope))) this.#take(directive, scope);
    else if (token.text === 'defaults') this.#end({ at: token.place, reason: '"defaults" cannot be read' });
    else scope.items.push({ kind: 'problem', place: directive.place });
  }

  #contextOf({ file }: Scope): { readonly report: Report; readonly isUtf8: boolean } {
    return { report: this.#options.report, isUtf8: file.isUtf8 };
  }

  #takeSemicolon({ place }: Token, scope: Scope): void {
    if (!this.#pay(place, 1)) return;
    const message = 'Cannot read ";" here: nothing stands before it, and rlinetd does not start with it';
    this.#options.report.add({ code: 'rlinetd/syntax', at: place, message });
    scope.items.push({ kind: 'problem', place });
  }

  /** A service that is wrong in itself ends with its last brace; whatever else is wrong is the end. */
  #recover(begun: Token, fault: SyntaxFault, scope: Scope): void {
    const { cursor } = scope;
    const isInside = begun.text === 'service' && cursor.depth >= 0;
    let last = cursor.last;
    for (let token = isInside && cursor.depth > 0 ? cursor.next() : undefined; token; token = cursor.next()) {
      last = cursor.last;
      if (cursor.depth === 0) break;
    }
    const isLost = (cursor.defaults?.start ?? -1) > begun.place.start;
    if (!isInside || isLost || cursor.depth !== 0 || cursor.openQuote?.start === fault.at.start) {
      this.#end(fault);
      return;
    }
    const message = `Cannot read a service: ${fault.reason}`;
    this.#options.report.add({ code: 'rlinetd/syntax', at: fault.at, message });
    scope.items.push({ kind: 'problem', place: spanning(begun.place, last) });
  }

  #take(directive: Directive, scope: Scope): void {
    const { text } = directive.name;
    if (text === 'service') this.#takeService(directive, scope);
    else if (text === 'defaults') this.#takeDefaults(directive, scope);
    else if (text === 'log') this.#takeLog(directive, scope);
    else this.#takeDirectory(directive, scope);
  }

  #takeService({ values, block = [], place }: Directive, scope: Scope): void {
    const { report } = this.#options;
    const [name] = values;
    const own = report.alone(() =>
      partsOf(checkDirectives(block, SERVICE_FORMS, this.#contextOf(scope)), report),
    );
    if (!own || !name) {
      scope.items.push({ kind: 'problem', place });
      return;
    }
    // Each has all of them.
    this.#options.budget.nodes -= this.#defaults.actions.length;
    const parts = withDefaults(own, this.#defaults, report);
    const isEnabled = parts.settings.get('enabled')?.values[0]?.text !== 'no';
    const service = { ...parts, name, place, logs: this.#logs, logCount: this.#logs.size, isEnabled };
    this.#services.push(service);
    scope.items.push({ kind: 'service', place, service });
  }

  /** What is said again counts instead; what a service does is forgotten with each new block, as rlinetd has it. */
  #takeDefaults({ name, block = [], place }: Directive, scope: Scope): void {
    const { report } = this.#options;
    const own = report.alone(() =>
      partsOf(checkDirectives(block, SERVICE_FORMS, this.#contextOf(scope)), report),
    );
    if (!own) {
      this.#end({ at: name.place, reason: '"defaults" cannot be read' });
      return;
    }
    this.#warnOfOrder(name, scope);
    this.#defaults = {
      settings: new Map([...this.#defaults.settings, ...own.settings]),
      actions: own.actions,
    };
    scope.items.push({ kind: 'directive', place });
  }

  #warnOfOrder({ place }: Token, { isOfDirectory }: Scope): void {
    if (!isOfDirectory) return;
    const message =
      'Applied "defaults" to what follows by the names of the files: rlinetd reads a directory in no order';
    const help = 'put it into the main file';
    this.#options.report.add({ code: 'rlinetd/order', at: place, message, help });
  }

  #takeLog({ values, block = [], place }: Directive, scope: Scope): void {
    const { report } = this.#options;
    const [name] = values;
    const directives = report.alone(() => checkDirectives(block, LOG_FORMS, this.#contextOf(scope)));
    if (name && directives && !this.#logs.has(name.text)) this.#setLog(name, directives);
    else if (name && directives) {
      const message = `Ignored the second log ${quote(name.text)}, as rlinetd does`;
      report.add({ code: 'rlinetd/set-twice', at: name.place, message });
    }
    scope.items.push({ kind: directives ? 'directive' : 'problem', place });
  }

  #setLog(name: Token, directives: readonly Directive[]): void {
    this.#logs.set(name.text, { name, directives, index: this.#logs.size });
  }

  /** Its files are read when all before them are. */
  #takeDirectory({ values, place }: Directive, scope: Scope): void {
    const [directory, match, ignore] = values;
    const patterns = [match, ignore].map((token) => token && this.#patternOf(token));
    scope.items.push({ kind: 'directive', place });
    if (!directory || this.#isOver) return;
    const [wanted, unwanted] = patterns;
    const isMeant = (name: string): boolean =>
      (!wanted || matchesPattern(wanted, name)) && !(unwanted && matchesPattern(unwanted, name));
    const found = this.#options.files.list(directory.text, isMeant, directory.place);
    if (found.kind === 'refused') this.#isOver = true;
    if (found.kind === 'found') this.#queue.push(...found.value);
    this.#queueAt = directory.place;
  }

  #patternOf(token: Token): PatternNode | undefined {
    const pattern: PatternNode | PatternFault = parsePattern(token.text);
    if (!('reason' in pattern)) return pattern;
    this.#isOver = true;
    const message = `Cannot use the pattern ${quote(token.text)}: ${pattern.reason}`;
    this.#options.report.add({ code: 'rlinetd/pattern', at: token.place, message });
    return undefined;
  }
}
