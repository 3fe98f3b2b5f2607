import type { Budget } from '../../config/budget.ts';
import type { ForeignDocument } from '../../config/foreign-format.ts';
import type { ForeignFile } from '../../config/read.ts';
import { Report } from '../../config/report.ts';
import { makeSource } from '../../config/source.ts';
import type { MapEntry } from '../../config/syntax-node.ts';
import type { Outcome } from '../line-accounts.ts';
import { entryOf, mapNode, scalarNode } from '../tree.ts';
import { checkDefaults } from './check-defaults.ts';
import { completeEntries } from './complete-entries.ts';
import { convertEntry } from './convert-entry.ts';
import type { XinetdEntry } from './entry.ts';
import type { EntryContext } from './entry-context.ts';
import { FileWalker, type IncludedFiles } from './file-walker.ts';
import { nameEntries } from './name-entries.ts';

export interface ConvertOptions {
  readonly report: Report;
  readonly budget: Budget;
  readonly files: IncludedFiles;
  readonly host?: EntryContext['host'];
}

/** A service in our words. What is wrong with one that does not run anyway is nobody's trouble. */
function serviceEntry(
  name: string,
  entry: XinetdEntry,
  { report, ...context }: Omit<EntryContext, 'entry'>,
): MapEntry | undefined {
  const told = entry.isEnabled ? report : new Report({ leavesOut: true });
  const node = told.alone(() => convertEntry(entry, { ...context, report: told }));
  return node && { key: name, keyPlace: entry.id.place, value: node };
}

function reportNone(
  entries: readonly XinetdEntry[],
  { file, report }: { file: string; report: Report },
): void {
  if (report.hasErrors || entries.some(({ isEnabled }) => isEnabled)) return;
  const count = entries.length;
  const reason = count === 0 ? 'the file has none' : `${count} ${count === 1 ? 'is' : 'are'} disabled`;
  report.add({
    code: 'xinetd/no-services',
    at: { file },
    message: `Cannot find an active service: ${reason}`,
  });
}

/** Goes through all files; undefined after a report that leaves nothing to go on with. */
function walkFiles(files: readonly ForeignFile[], options: ConvertOptions): FileWalker | undefined {
  const walker = new FileWalker(options);
  if (!files.every((file) => walker.walk(file))) return undefined;
  return checkDefaults(walker.defaults, options.report) ? walker : undefined;
}

/** Services by their names; those that are disabled apart. */
interface Services {
  readonly enabled: readonly MapEntry[];
  readonly disabled: readonly MapEntry[];
}

function convertServices(
  named: ReadonlyMap<string, XinetdEntry>,
  context: Omit<EntryContext, 'entry'>,
): Services {
  const converted = Array.from(named, ([name, entry]) => ({
    isEnabled: entry.isEnabled,
    service: serviceEntry(name, entry, context),
  }));
  const those = (isEnabled: boolean): readonly MapEntry[] =>
    converted.flatMap((each) => (each.service && each.isEnabled === isEnabled ? [each.service] : []));
  return { enabled: those(true), disabled: those(false) };
}

/** What became of a service in the end. */
function outcomeOf(
  entry: XinetdEntry,
  named: ReadonlyMap<XinetdEntry, string>,
  kept: ReadonlySet<string>,
): Outcome {
  const name = named.get(entry);
  if (!entry.isEnabled) return { kind: 'disabled', name };
  return name !== undefined && kept.has(name)
    ? { kind: 'service', name }
    : { kind: 'problem', name: undefined };
}

/** Makes one document of files of xinetd, in their order. */
export function convertFiles(files: readonly ForeignFile[], options: ConvertOptions): ForeignDocument {
  const { report } = options;
  const source = files[0]?.source ?? makeSource('', '');
  const start = { source, start: 0, end: 0 };
  const walker = walkFiles(files, options);
  if (!walker) return { root: undefined, accounts: [] };
  const entries = completeEntries({
    drafts: walker.drafts,
    defaults: walker.defaults,
    lost: walker.lost,
    report,
  });
  const named = nameEntries([...entries.values()], report);
  const { enabled, disabled } = convertServices(named, {
    report,
    host: options.host,
    unsetAt: walker.defaultsAt,
  });
  reportNone([...entries.values()], { file: source.name, report });
  const names = new Map(Array.from(named, ([name, entry]) => [entry, name]));
  const kept = new Set(enabled.map(({ key }) => key));
  const accounts = walker.accounts.close((draft) => {
    const entry = entries.get(draft);
    return entry ? outcomeOf(entry, names, kept) : { kind: 'problem', name: undefined };
  });
  const services = entryOf('services', mapNode(enabled, start));
  return { root: mapNode([entryOf('version', scalarNode(1, start)), services], start), accounts, disabled };
}
