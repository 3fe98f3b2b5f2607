import { basename, posix } from 'node:path';
import type { Budget } from '../../config/budget.ts';
import { quote } from '../../config/quote.ts';
import type { Problem, Report } from '../../config/report.ts';
import type { LineAccounts } from '../line-accounts.ts';
import { isDirectory, type SourceFiles, statsOf } from '../source-files.ts';
import type { AskedEntry, Entry } from './asked-entry.ts';
import { type AskedRules, INSTRUCTIONS, RULES_TREE, TCPRULES } from './asked-rules.ts';
import { readInstructions } from './instruction-reader.ts';
import { readRules } from './read-rules.ts';
import { readTree, TREE_KINDS } from './tree-reader.ts';

export interface SourcesContext {
  readonly report: Report;
  readonly budget: Budget;
  readonly accounts: LineAccounts<Entry>;
  readonly files: SourceFiles;
}

const CDB = /\.cdb$/;

/** `tcp.smtp` of /etc/tcp.smtp.cdb and /etc/tcp.smtp alike. */
function stem(path: string): string {
  return basename(path).replace(CDB, '');
}

/** Rules, each read once, whoever asks them. */
export class RuleSources {
  readonly entries: Map<string, AskedEntry> = new Map();
  readonly #context: SourcesContext;
  /** What the command line names. */
  readonly #given: readonly string[];

  constructor(context: SourcesContext, given: readonly string[]) {
    this.#context = context;
    this.#given = given;
  }

  /** The rules at a path: a file, a directory of instructions or a tree of rules. */
  read(path: string, at: Problem['at']): AskedEntry {
    const known = this.entries.get(path);
    if (known) return known;
    const entry: AskedEntry = { name: stem(path), asked: undefined };
    this.entries.set(path, entry);
    const [rules, lookUp] = this.#load(path, { entry, at });
    entry.asked = rules && { name: entry.name, rules, lookUp };
    return entry;
  }

  #load(path: string, { entry, at }: { entry: AskedEntry; at: Problem['at'] }) {
    const context = { ...this.#context, entry };
    if (!isDirectory(path)) {
      const file = context.files.read(path, at);
      return [file && readRules(file, context), TCPRULES] as const;
    }
    const isTree = TREE_KINDS.some((kind) => isDirectory(posix.join(path, kind)));
    return isTree
      ? ([readTree(path, context), RULES_TREE] as const)
      : ([readInstructions(path, context), INSTRUCTIONS] as const);
  }

  /** What a constant database was made of; undefined after a report. */
  findSource(cdb: string, at: Problem['at']): AskedEntry | undefined {
    const path = cdb.replace(CDB, '');
    const beside = [...(CDB.test(cdb) ? [path] : []), `${path}.rules`, `${path}.txt`].find((each) =>
      statsOf(each),
    );
    const found = beside ?? this.#named(cdb, at);
    if (found === undefined) {
      const message = `Cannot find the rules that ${quote(cdb)} was made of: a service without them would be open`;
      const help = `put their file beside it as ${quote(path)}, or name one that is called ${quote(stem(cdb))}`;
      return void this.#context.report.add({ code: 'tcprules/no-source', at, message, help });
    }
    this.#warnOfAge(found, { cdb, at });
    return this.read(found, at);
  }

  /** A file that the command line names, and that is called as the database is, wherever it lies. */
  #named(cdb: string, at: Problem['at']): string | undefined {
    const [found, another] = this.#given.filter((given) => stem(given) === stem(cdb));
    if (found === undefined || another !== undefined) return undefined;
    const message = `Took the rules of ${quote(found)} for those of ${quote(cdb)}: they are called the same`;
    const help = 'look whether they are';
    this.#context.report.add({ code: 'tcprules/elsewhere', at, message, help });
    return found;
  }

  #warnOfAge(source: string, { cdb, at }: { cdb: string; at: Problem['at'] }): void {
    const [made, written] = [statsOf(cdb)?.mtimeMs, statsOf(source)?.mtimeMs];
    if (made === undefined || written === undefined || written <= made) return;
    const message = `Took the rules of ${quote(source)}, which were changed after ${quote(cdb)} was made of them`;
    this.#context.report.add({ code: 'tcprules/newer', at, message });
  }

  /** Rules that a server asks; undefined after a report. */
  ask(kind: 'cdb' | 'directory', { path, at }: { path: string; at: Problem['at'] }): AskedRules | undefined {
    const isMissing = kind === 'directory' && !isDirectory(path);
    if (isMissing) {
      const message = `Cannot find the directory of rules ${quote(path)}: a service without them would be open`;
      return void this.#context.report.add({ code: 'tcprules/no-source', at, message });
    }
    const entry = kind === 'cdb' ? this.findSource(path, at) : this.read(path, at);
    if (!entry || entry.asked) return entry?.asked;
    const message = `Cannot use the rules of ${quote(entry.name)}: there is an error in them`;
    return void this.#context.report.add({ code: 'tcprules/faulty-rules', at, message });
  }
}
