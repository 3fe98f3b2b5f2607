import type { Budget } from '../../config/budget.ts';
import { quote } from '../../config/quote.ts';
import type { ForeignFile } from '../../config/read.ts';
import type { Place } from '../../config/source.ts';
import type { MapNode } from '../../config/syntax-node.ts';
import type { ChainContext } from './chain-context.ts';
import { convertCall } from './convert-call.ts';
import { execlineWords } from './execline-words.ts';
import { cd, EXECLINE_LOADERS, LOADERS, setVariable, umask } from './loaders.ts';
import { knownText } from './option-words.ts';
import { readChain } from './read-chain.ts';
import { readRedirects } from './read-redirects.ts';
import type { ServerCall } from './server-call.ts';
import { setUlimit } from './set-limits.ts';
import { type PlacedCommand, readCommands } from './shell-commands.ts';
import type { ShellFault } from './shell-scanner.ts';
import type { Value } from './shell-variables.ts';
import type { ShellWord } from './shell-word.ts';
import { copySurroundings, newSurroundings } from './surroundings.ts';

/** What some characters of a script turned out to be. */
export interface ScriptPart {
  readonly place: Place;
  readonly kind: 'service' | 'directive' | 'problem';
  /** The service that the part starts. */
  readonly service?: FoundService | undefined;
}

export interface FoundService {
  readonly call: ServerCall;
  readonly node: MapNode;
}

type Context = Omit<ChainContext, 'set'> & { readonly budget: Budget };

/** Says something and changes nothing. */
const SAYS = new Set(['echo', 'printf', ':', 'true']);

/** Goes through the commands of a script, or of a file with a command line, and keeps what they change. */
export class ScriptReader {
  readonly parts: ScriptPart[] = [];
  readonly #context: Context;
  readonly #file: ForeignFile;
  readonly #set = newSurroundings();
  readonly #variables = new Map<string, Value>();
  readonly #errorsBefore: number;

  constructor(file: ForeignFile, context: Context) {
    this.#file = file;
    this.#context = context;
    this.#errorsBefore = context.report.errors;
  }

  read(): void {
    const { source } = this.#file;
    if (!this.#file.isUtf8) {
      const at = { source, start: 0, end: 0 };
      const message = 'Cannot read the script: it is not UTF-8 text';
      this.#context.report.add({ code: 'tcprules/shell', at, message, help: 'convert it with iconv(1)' });
      this.parts.push({ place: { ...at, end: source.text.length }, kind: 'problem' });
      return;
    }
    const fault = /^#!.*\bexecline/.test(source.text)
      ? this.#execline()
      : readCommands(source, { variables: this.#variables, take: (command) => this.#take(command) });
    if (!fault) return;
    const message = `Cannot read the script any further: ${fault.reason}`;
    const help = 'leave in the file only what leads to the server, such as "exec tcpserver ..."';
    this.#context.report.add({ code: 'tcprules/shell', at: fault.at, message, help });
    this.parts.push({ place: { ...fault.at, end: source.text.length }, kind: 'problem' });
  }

  #execline(): ShellFault | undefined {
    const words = execlineWords(this.#file.source);
    if (!Array.isArray(words)) return words as ShellFault;
    if (!this.#takeCost(words.length)) return undefined;
    const [first] = words as readonly ShellWord[];
    const last = words.at(-1);
    if (first)
      this.#start(words, { place: { ...first.place, end: last.place.end }, loaders: EXECLINE_LOADERS });
    return undefined;
  }

  #take(command: PlacedCommand): void {
    const { report } = this.#context;
    const before = report.errors;
    if (!this.#takeCost(command.words.length + 1)) return;
    const place = { source: this.#file.source, start: command.start, end: command.end };
    const [first, second] = command.words;
    const isLone = first?.text === 'exec' && !second;
    readRedirects(command.redirects, { set: this.#set, report });
    if (!first || isLone) {
      for (const { name, value } of command.assignments) this.#assign(name, value);
      this.#add(place, before);
    } else if (this.#builtin(first, command)) this.#add(place, before);
    else this.#start(command.words, { place, loaders: LOADERS, assignments: command.assignments });
  }

  #takeCost(count: number): boolean {
    const { budget, report } = this.#context;
    const isFirst = budget.nodes >= 0;
    budget.nodes -= count;
    if (budget.nodes >= 0) return true;
    if (!isFirst) return false;
    const message = 'Cannot read more of the script: it is too much for a configuration';
    const at = { source: this.#file.source, start: 0, end: 0 };
    report.add({ code: 'config/too-many-nodes', at, message });
    this.parts.push({ place: { ...at, end: this.#file.source.text.length }, kind: 'problem' });
    return false;
  }

  #add(place: Place, before: number): void {
    this.parts.push({ place, kind: this.#context.report.errors > before ? 'problem' : 'directive' });
  }

  #assign(name: string, value: ShellWord): void {
    this.#variables.set(name, value);
    if (this.#set.env.has(name) || name === 'PATH') this.#export(name, value);
  }

  #export(name: string, value: ShellWord): void {
    setVariable(name, value, { ...this.#context, set: this.#set });
  }

  /** Whether it is a command of the shell itself, which is then done. */
  #builtin(self: ShellWord, { words }: PlacedCommand): boolean {
    const [, ...args] = words;
    const context = { ...this.#context, set: this.#set, self };
    if (self.text === 'cd') cd(args, context);
    else if (self.text === 'umask') umask(args, context);
    else if (self.text === 'ulimit') setUlimit(args, context);
    else if (self.text === 'export') for (const word of args) this.#exportWord(word);
    else if (self.text === 'set') return true;
    else if (SAYS.has(self.text)) this.#ignore(self);
    else return false;
    return true;
  }

  #ignore(self: ShellWord): void {
    if (self.text !== 'echo' && self.text !== 'printf') return;
    const message = `Ignored ${quote(self.text)}: it says something when the script starts`;
    this.#context.report.add({ code: 'tcprules/ignored', at: self.place, message });
  }

  #exportWord(word: ShellWord): void {
    const [, name, value] = /^([A-Za-z_][A-Za-z0-9_]*)(?:=([\s\S]*))?$/.exec(word.text) ?? [];
    if (name === undefined) {
      if (knownText(word, this.#context.report) === undefined) return;
      const message = `Cannot export ${quote(word.text)}: must be NAME or NAME=VALUE`;
      this.#context.report.add({ code: 'tcprules/option', at: word.place, message });
    } else if (value !== undefined) {
      const own = { ...word, text: value };
      this.#variables.set(name, own);
      this.#export(name, own);
    } else {
      const known = this.#variables.get(name);
      if (known) this.#export(name, { ...word, ...known });
    }
  }

  /** A command that should lead to a server. */
  #start(
    words: readonly ShellWord[],
    options: {
      readonly place: Place;
      readonly loaders: typeof LOADERS;
      readonly assignments?: PlacedCommand['assignments'];
    },
  ): void {
    const { report } = this.#context;
    const set = copySurroundings(this.#set);
    const context = { ...this.#context, set };
    for (const { name, value } of options.assignments ?? []) setVariable(name, value, context);
    const call = readChain(words, { ...context, loaders: options.loaders });
    const node = call && convertCall(call, context);
    // What went wrong before the server may have been meant to keep it shut.
    const service = call && node && report.errors === this.#errorsBefore ? { call, node } : undefined;
    this.parts.push({ place: options.place, kind: service ? 'service' : 'problem', service });
  }
}
