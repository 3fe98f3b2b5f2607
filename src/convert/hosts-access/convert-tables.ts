import type { ForeignContext, ForeignDocument } from '../../config/foreign-format.ts';
import type { Place } from '../../config/source.ts';
import { makeSource } from '../../config/source.ts';
import type { HostsRule } from '../../model/hosts-rules.ts';
import { baseName } from '../base-name.ts';
import { LineAccounts } from '../line-accounts.ts';
import { entryOf, mapNode, scalarNode } from '../tree.ts';
import { UniqueNames } from '../unique-names.ts';
import { daemonEntry } from './daemon-entry.ts';
import { type Daemon, matchesDaemon, namedDaemons } from './matches-daemon.ts';
import { readTable } from './read-table.ts';
import type { TableFile, Tables } from './tables.ts';

/** Of the 64 that a name may have, so that a number fits in. */
const MOST_CHARACTERS = 48;
/** What no rule names has the rules for all. */
const OTHERS = 'others';

function reportNone(file: string, { report, count }: ForeignContext & { readonly count: number }): void {
  if (report.hasErrors) return;
  const reason = count === 0 ? 'there is no rule either' : 'there are rules, and nothing that is started';
  const message = `Cannot find an active service: ${reason}`;
  const help =
    count === 0 ? undefined : 'take the lists from the services that "zinetd convert" makes of them';
  report.add({ code: 'hosts_access/no-services', at: { file }, message, help });
}

function placesIn(files: readonly TableFile[]): (rule: HostsRule) => Place {
  const sources = new Map(files.map(({ file }) => [file.source.name, file.source]));
  return ({ file, line, text }) => {
    const source = sources.get(file) ?? makeSource(file, '');
    const start = source.lineStarts[line - 1] ?? 0;
    return { source, start, end: start + text.length };
  };
}

/** A name for each daemon that rules name, and for all others. */
function nameDaemons(tables: Tables): ReadonlyMap<Daemon, string> {
  const unique = new UniqueNames();
  const rules = [...tables.allow, ...tables.deny];
  const daemons: readonly Daemon[] = rules.length === 0 ? [] : [...namedDaemons(rules), undefined];
  return new Map(daemons.map((daemon) => [daemon, unique.give(baseName(daemon ?? OTHERS, MOST_CHARACTERS))]));
}

/** Makes services without programs of the tables: one for each daemon that they name, one for the others. */
export function convertTables(files: readonly TableFile[], context: ForeignContext): ForeignDocument {
  const accounts = new LineAccounts<HostsRule>();
  const own = { report: context.report, accounts };
  const read = files.map(({ table, file }) => [table, readTable({ table, file }, own)] as const);
  const isWhole = read.every(([, rules]) => rules !== undefined);
  const rulesOf = (wanted: string): readonly HostsRule[] =>
    isWhole ? (read.find(([table]) => table === wanted)?.[1] ?? []) : [];
  const tables = { allow: rulesOf('allow'), deny: rulesOf('deny') };
  const [first] = files;
  const at = { source: first?.file.source ?? makeSource('', ''), start: 0, end: 0 };
  const names = nameDaemons(tables);
  const placeOf = placesIn(files);
  const disabled = Array.from(names, ([daemon, name]) =>
    daemonEntry(name, daemon, { tables, placeOf, at, report: context.report }),
  );
  reportNone(at.source.name, { ...context, count: tables.allow.length + tables.deny.length });
  const settle = (rule: HostsRule): { kind: 'disabled' | 'problem'; name: string | undefined } => {
    const found = Array.from(names).find(([daemon]) => matchesDaemon(rule, daemon) !== 'no');
    return found ? { kind: 'disabled', name: found[1] } : { kind: 'problem', name: undefined };
  };
  const services = entryOf('services', mapNode([], at));
  const root = mapNode([entryOf('version', scalarNode(1, at)), services], at);
  return { root, accounts: accounts.close(settle), disabled };
}
