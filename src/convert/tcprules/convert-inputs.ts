import { accessSync, constants } from 'node:fs';
import { dirname, isAbsolute, posix } from 'node:path';
import type { ForeignContext, ForeignDocument } from '../../config/foreign-format.ts';
import { quote } from '../../config/quote.ts';
import type { Place } from '../../config/source.ts';
import { makeSource } from '../../config/source.ts';
import type { MapEntry } from '../../config/syntax-node.ts';
import { baseName } from '../base-name.ts';
import { LineAccounts, type Outcome } from '../line-accounts.ts';
import { SourceFiles } from '../source-files.ts';
import { entryOf, mapNode, scalarNode } from '../tree.ts';
import { UniqueNames } from '../unique-names.ts';
import { accessEntries } from './access-entries.ts';
import type { AskedEntry, Entry } from './asked-entry.ts';
import { findInput, type Input } from './find-inputs.ts';
import { readVariables } from './read-variables.ts';
import { RuleSources, type SourcesContext } from './rule-sources.ts';
import { accountScript } from './script-accounts.ts';
import type { ScriptFiles } from './script-files.ts';
import { type FoundService, ScriptReader } from './script-reader.ts';

/** Of the 64 that a name may have, so that a number fits in. */
const MOST_CHARACTERS = 48;

type Script = Extract<Input, { kind: 'script' }>;

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function filesOf(
  script: Script,
  { files, sources }: { files: SourceFiles; sources: RuleSources },
): ScriptFiles {
  const home = dirname(script.path);
  const resolve = (path: string, cwd: string | undefined): string => posix.resolve(home, cwd ?? '', path);
  return {
    resolve,
    readVariables: (directory, at) => readVariables(directory, { files, at }),
    findProgram: (name, path) =>
      path
        .split(':')
        .filter(isAbsolute)
        .map((directory) => posix.join(directory, name))
        .find(isExecutable),
    findRules: (kind, { path, at }) => sources.ask(kind, { path, at: at.place }),
  };
}

/** Services by name, and under which name each was found. */
interface Named {
  readonly entries: readonly MapEntry[];
  readonly names: ReadonlyMap<FoundService, string>;
}

function nameServices(
  found: readonly { readonly script: Script; readonly service: FoundService }[],
  unique: UniqueNames,
): Named {
  const names = new Map<FoundService, string>();
  const entries = found.map(({ script, service }) => {
    const { call, node } = service;
    const name = unique.give(baseName(script.name ?? call.port.text, MOST_CHARACTERS));
    names.set(service, name);
    return { key: name, keyPlace: call.server.place, value: node };
  });
  return { entries, names };
}

/** Rules that nobody asks, as a service without a program: whoever has one can use its lists. */
function disabledEntry(
  entry: AskedEntry,
  { unique, report, place }: Pick<ForeignContext, 'report'> & { unique: UniqueNames; place: Place },
): MapEntry | undefined {
  const { asked } = entry;
  if (!asked) return undefined;
  const lookUp = { ...asked.lookUp, confirmsNames: false };
  const rows = [
    entryOf('enabled', scalarNode(false, place)),
    ...accessEntries(asked.rules, { lookUp, report, at: place }),
  ];
  return entryOf(unique.give(baseName(entry.name, MOST_CHARACTERS)), mapNode(rows, place));
}

function reportNone(inputs: readonly Input[], { report }: ForeignContext): void {
  const [first] = inputs;
  if (!first || report.hasErrors) return;
  const message =
    'Cannot find an active service: there are rules, and nothing starts a server that asks them';
  const help =
    'name the run script as well, or take the lists from the service that "zinetd convert" makes of them';
  report.add({ code: 'tcprules/no-services', at: { file: first.path }, message, help });
}

function readScripts(
  scripts: readonly Script[],
  { sources, ...context }: ForeignContext & SourcesContext & { readonly sources: RuleSources },
) {
  return scripts.flatMap((script) => {
    const { report, files, accounts } = context;
    const reader = new ScriptReader(script.file, {
      report,
      budget: context.budget,
      files: filesOf(script, { files, sources }),
    });
    reader.read();
    accountScript(script.file, { parts: reader.parts, accounts });
    return reader.parts.flatMap(({ service }) => (service ? [{ script, service }] : []));
  });
}

/** A file is read once; it may be named as a directory, too. */
function withoutRepeated(inputs: readonly Input[], { report }: ForeignContext): readonly Input[] {
  const seen = new Set<string>();
  return inputs.filter(({ path }) => {
    const isFirst = !seen.has(path);
    seen.add(path);
    if (isFirst) return true;
    const message = `Cannot read ${quote(path)} again: it is part of this configuration already`;
    report.add({ code: 'config/include', at: { file: path }, message });
    return false;
  });
}

/** Makes one document of what the command line names: scripts, and the rules that they ask or that stand alone. */
export function convertInputs(paths: readonly string[], context: ForeignContext): ForeignDocument {
  const files = new SourceFiles(context);
  const found = paths.map((path) => findInput(path, { ...context, files }));
  if (found.includes(undefined)) return { root: undefined, accounts: [] };
  const inputs = withoutRepeated(
    found.filter((input) => input !== undefined),
    context,
  );
  const accounts = new LineAccounts<Entry>();
  const own = { ...context, files, accounts };
  const given = inputs.filter(({ kind }) => kind === 'rules').map(({ path }) => path);
  const sources = new RuleSources(own, given);
  const started = readScripts(
    inputs.filter((input) => input.kind === 'script'),
    { ...own, sources },
  );
  const asked = new Map(started.map(({ service }) => [service.call.rules, service] as const));
  const unique = new UniqueNames();
  const { entries, names } = nameServices(started, unique);
  const place = { source: makeSource(paths[0] ?? '', ''), start: 0, end: 0 };
  const lone = given
    .map((path) => sources.read(path, { file: path }))
    .filter((entry) => !entry.asked || !asked.has(entry.asked));
  const disabled = new Map(
    lone.map((entry) => [entry, disabledEntry(entry, { unique, report: context.report, place })] as const),
  );
  if (entries.length === 0) reportNone(inputs, context);
  const settle = (entry: Entry): Outcome => {
    const service = 'call' in entry ? entry : entry.asked && asked.get(entry.asked);
    const name = service && names.get(service);
    if (name !== undefined) return { kind: 'service', name };
    const off = 'call' in entry ? undefined : disabled.get(entry);
    return off ? { kind: 'disabled', name: off.key } : { kind: 'problem', name: undefined };
  };
  const services = entryOf('services', mapNode(entries, place));
  return {
    root: mapNode([entryOf('version', scalarNode(1, place)), services], place),
    accounts: accounts.close(settle),
    disabled: [...disabled.values()].filter((entry) => entry !== undefined),
  };
}
