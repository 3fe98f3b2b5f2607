import { quote } from '../../config/quote.ts';
import type { Report } from '../../config/report.ts';
import type { Place } from '../../config/source.ts';
import type { MapEntry } from '../../config/syntax-node.ts';
import type { HostsRule } from '../../model/hosts-rules.ts';
import { listEntries } from '../list-entries.ts';
import type { PeerRule } from '../peer-rule.ts';
import { entryOf, listNode, mapNode, scalarNode } from '../tree.ts';
import { listedPeers } from './listed-peers.ts';
import { type Daemon, matchesDaemon } from './matches-daemon.ts';
import type { Tables } from './tables.ts';

export interface DaemonContext {
  readonly report: Report;
  readonly tables: Tables;
  placeOf(rule: HostsRule): Place;
  /** Where there is no rule to point at. */
  readonly at: Place;
}

/** Nothing that matches is served, and an address decides by itself. */
const LOOK_UP = { networksFirst: true, grantsOthers: true, confirmsNames: true };

/** The rules that could be for a daemon. */
export function rulesFor(daemon: Daemon, { allow, deny }: Tables): Tables {
  const isFor = (rule: HostsRule): boolean => matchesDaemon(rule, daemon) !== 'no';
  return { allow: allow.filter(isFor), deny: deny.filter(isFor) };
}

function rulesEntry(daemon: Daemon, { tables, placeOf, at }: DaemonContext): MapEntry {
  const list = (rules: readonly HostsRule[]): ReturnType<typeof listNode> =>
    listNode(
      rules.map((rule) => scalarNode(rule.text, placeOf(rule))),
      at,
    );
  const rows = [
    entryOf('allow', list(tables.allow)),
    entryOf('deny', list(tables.deny)),
    daemon === undefined ? undefined : entryOf('daemon', scalarNode(daemon, at)),
  ];
  return entryOf('hosts_access', mapNode(rows, at));
}

function listedRules(
  rules: readonly HostsRule[],
  { placeOf, report, name }: DaemonContext & { readonly name: string },
): readonly PeerRule[] | undefined {
  const shadowed = new Set<HostsRule>();
  const listed = listedPeers(rules, { placeOf, shadowed: (rule) => shadowed.add(rule) });
  if (!listed) return undefined;
  for (const rule of shadowed) {
    const message = `Left clients of ${quote(rule.text)} out of the lists of ${quote(name)}: a rule before takes them`;
    report.add({ code: 'hosts_access/shadowed', at: placeOf(rule), message });
  }
  return listed;
}

/** Who is served by a daemon: access lists where addresses decide alone, else its rules as they are written. */
export function daemonEntry(name: string, daemon: Daemon, context: DaemonContext): MapEntry {
  const own = { ...context, tables: rulesFor(daemon, context.tables) };
  const rules = [...own.tables.allow, ...own.tables.deny];
  const isCertain = rules.every((rule) => matchesDaemon(rule, daemon) === 'yes');
  const listed = isCertain ? listedRules(rules, { ...context, name }) : undefined;
  const access = listed
    ? listEntries(listed, { lookUp: LOOK_UP, at: context.at })
    : [rulesEntry(daemon, own)];
  const off = entryOf('enabled', scalarNode(false, context.at));
  return entryOf(name, mapNode([off, ...access], context.at));
}
