import type { Budget } from '../../config/budget.ts';
import type { ForeignDocument } from '../../config/foreign-format.ts';
import type { ForeignFile } from '../../config/read.ts';
import type { Report } from '../../config/report.ts';
import { makeSource, type Place } from '../../config/source.ts';
import type { MapEntry, MapNode } from '../../config/syntax-node.ts';
import type { Outcome } from '../line-accounts.ts';
import { entryOf, mapNode, scalarNode } from '../tree.ts';
import { checkLookalike } from './check-lookalike.ts';
import { chooseDialect, type Reading } from './choose-dialect.ts';
import { draftNode, type ServiceDraft } from './convert-entry.ts';
import type { DialectName } from './dialect.ts';
import { FileWalker } from './file-walker.ts';
import { mergeDrafts } from './merge-drafts.ts';
import { nameDrafts } from './name-drafts.ts';
import type { ServiceEntry } from './service-entry.ts';
import { tcpmuxDoor } from './tcpmux-door.ts';
import type { Word } from './word.ts';

function warnOfCrlf({ source }: ForeignFile, report: Report): void {
  const start = source.text.indexOf('\r\n');
  if (start === -1) return;
  const message = 'Read the lines without their carriage returns: inetd takes them for part of the last word';
  report.add({ code: 'inetd/crlf', at: { source, start, end: start + 1 }, message });
}

function reportNone(files: readonly ForeignFile[], disabled: number, report: Report): void {
  const [file] = files;
  if (!file || report.hasErrors) return;
  const reason =
    disabled === 0 ? 'the file has none' : `${disabled} ${disabled === 1 ? 'is' : 'are'} commented out`;
  const message = `Cannot find an active service: ${reason}`;
  report.add({ code: 'inetd/no-services', at: { file: file.source.name }, message });
}

function serviceEntry(name: string, draft: ServiceDraft): MapEntry {
  return { key: name, keyPlace: draft.entry.head.place, value: draftNode(draft) };
}

function rootOf(services: readonly MapEntry[], at: Place): MapNode {
  return mapNode([entryOf('version', scalarNode(1, at)), entryOf('services', mapNode(services, at))], at);
}

/** Those that are in service, or those that are not. */
function servicesOf(
  named: ReadonlyMap<string, ServiceDraft>,
  off: ReadonlySet<ServiceDraft>,
  isOff: boolean,
): readonly MapEntry[] {
  return Array.from(named).flatMap(([name, draft]) =>
    off.has(draft) === isOff ? [serviceEntry(name, draft)] : [],
  );
}

/** The entries that went into each service, by its name: two where a pair became one. */
function namesOf(
  named: ReadonlyMap<string, ServiceDraft>,
  partners: ReadonlyMap<ServiceDraft, readonly ServiceEntry[]>,
): ReadonlyMap<ServiceEntry, string> {
  return new Map(
    Array.from(named, ([name, draft]) =>
      (partners.get(draft) ?? [draft.entry]).map((entry): [ServiceEntry, string] => [entry, name]),
    ).flat(),
  );
}

/** An entry that got no name was left out after a report. */
function outcomeOf(name: string | undefined, isOff: boolean): Outcome {
  if (isOff) return { kind: 'disabled', name };
  return { kind: name === undefined ? 'problem' : 'service', name };
}

/** `#@` is an IPsec policy to two of them, and might be one where nothing tells whose the file is. */
function mindsPolicies({ dialect, how }: Reading): boolean {
  return dialect.hasPolicies || how === 'assumed';
}

export interface ConvertOptions {
  readonly report: Report;
  readonly budget: Budget;
  /** Undefined: to be found out. */
  readonly dialect: DialectName | undefined;
  /** Whether some of the files are there because their directory was named. */
  readonly hasDirectory: boolean;
  /** The files that a pattern of `.include` stands for, as seen from the file that it is in. */
  include(pattern: Word, from: ForeignFile): readonly ForeignFile[];
}

/** Makes one document of files of inetd, in their order. */
export function convertFiles(files: readonly ForeignFile[], options: ConvertOptions): ForeignDocument {
  const { report, budget, hasDirectory } = options;
  const own = files.filter((file) => checkLookalike(file, report));
  const reading = chooseDialect(own, { given: options.dialect, hasDirectory, report });
  const walker = new FileWalker({
    ...{ dialect: reading.dialect, report, budget, mindsPolicies: mindsPolicies(reading) },
    include: (pattern, from) => options.include(pattern, from),
  });
  for (const file of files) warnOfCrlf(file, report);
  if (!own.every((file) => walker.walk(file))) return { root: undefined, accounts: [] };
  const door = tcpmuxDoor(walker.drafts, { dialect: reading.dialect, report });
  const { drafts, partners } = mergeDrafts([...walker.drafts, ...door]);
  if (!drafts.some(({ entry }) => entry.isEnabled)) reportNone(own, walker.disabled, report);
  const off = new Set(walker.disabledDrafts);
  // Behind the others, so that nothing is named by what does not run.
  const named = nameDrafts([...drafts, ...off]);
  const names = namesOf(named, partners);
  const offEntries = new Set(walker.disabledDrafts.map(({ entry }) => entry));
  const start = own[0]?.source ?? makeSource('', '');
  return {
    root: rootOf(servicesOf(named, off, false), { source: start, start: 0, end: 0 }),
    accounts: walker.accounts.close((entry) => outcomeOf(names.get(entry), offEntries.has(entry))),
    disabled: servicesOf(named, off, true),
  };
}
