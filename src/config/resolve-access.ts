import type { NameRule, PeerRule } from '../model/policy.ts';
import { formatPrefix, type Prefix, withZone } from '../model/prefix.ts';
import { PrefixListBuilder } from '../model/prefix-list.ts';
import type { ListedPrefixes, ResolvedList } from '../model/resolved-list.ts';
import { type AccessEntry, parseAccessEntry } from './access-entry.ts';
import { askHost } from './ask-host.ts';
import type { Host } from './host.ts';
import { itemNode } from './item-node.ts';
import type { ListReader } from './list-reader.ts';
import { quote } from './quote.ts';
import type { Report } from './report.ts';
import type { Setting } from './settings.ts';
import { lineIndexAt, type Place } from './source.ts';

interface Context {
  readonly host: Host;
  readonly report: Report;
  readonly lists: ListReader;
  /** `"only_from" in service "ftp"` or so. */
  readonly where: string;
}

/** One entry of a list and where it stands. */
interface Entry {
  readonly text: string;
  readonly place: Place;
}

/** What a list is made of, while it is being made. */
interface Draft {
  readonly builder: PrefixListBuilder;
  readonly names: NameRule[];
  readonly peers: PeerRule[];
  readonly files: ListedPrefixes[];
}

function lineOf({ source, start }: Place): number {
  return lineIndexAt(source, start) + 1;
}

function warnOfZeros(
  entry: Entry,
  { prefixes, context }: { prefixes: readonly Prefix[]; context: Context },
): void {
  const spelled = prefixes.map(formatPrefix).join(', ');
  context.report.add({
    code: 'config/trailing-zeros',
    at: entry.place,
    message: `Took ${quote(entry.text)} for ${context.where} as ${spelled}, as xinetd does`,
    help: `write "${spelled}"`,
  });
}

/** The interface that a link-local rule is about; undefined after a report (S50). */
function zonePrefix(
  entry: Entry,
  options: { readonly parsed: Extract<AccessEntry, { kind: 'zoned' }>; readonly context: Context },
): Prefix | undefined {
  const { parsed, context } = options;
  const found = askHost(() => context.host.findInterface(parsed.zone), { ...context, at: entry.place });
  if (found.failed) return undefined;
  if (found.value !== undefined) return withZone(parsed.prefix, found.value);
  const message = `Cannot use ${quote(entry.text)} for ${context.where}: there is no interface ${quote(parsed.zone)}`;
  context.report.add({ code: 'config/unknown-interface', at: entry.place, message });
  return undefined;
}

function addName(draft: Draft, entry: Entry, rule: Pick<NameRule, 'kind' | 'name'>): void {
  const { source } = entry.place;
  draft.names.push({ ...rule, text: entry.text, file: source.name, line: lineOf(entry.place) });
}

/** A single word is a network if networks(5) has it, else a host without a domain. */
function addWord(
  draft: Draft,
  entry: Entry,
  options: { readonly name: string; readonly context: Context },
): void {
  const { name, context } = options;
  const found = askHost(() => context.host.findNetwork(name), { ...context, at: entry.place });
  if (found.failed) return;
  if (found.value) draft.builder.add(found.value, lineOf(entry.place));
  else addName(draft, entry, { kind: 'host', name });
}

function findId(
  { of, who }: Extract<AccessEntry, { kind: 'peer' }>,
  options: { readonly entry: Entry; readonly context: Context },
): number | undefined {
  if (typeof who === 'number') return who;
  const { entry, context } = options;
  const { host, report } = context;
  const find = () => (of === 'uid' ? host.findUser(who)?.uid : host.findGroup(who));
  const found = askHost(find, { report, at: entry.place });
  if (found.failed) return undefined;
  if (found.value === undefined) {
    const [what, code] =
      of === 'uid'
        ? (['user', 'config/unknown-user'] as const)
        : (['group', 'config/unknown-group'] as const);
    const message = `Cannot use ${quote(entry.text)} for ${context.where}: there is no such ${what}`;
    report.add({ code, at: entry.place, message });
  }
  return found.value;
}

/** Somebody at a unix socket. */
function addPeer(
  draft: Draft,
  entry: Entry,
  { parsed, context }: { readonly parsed: Extract<AccessEntry, { kind: 'peer' }>; readonly context: Context },
): void {
  const id = findId(parsed, { entry, context });
  if (id === undefined) return;
  const { source } = entry.place;
  draft.peers.push({ kind: parsed.of, id, text: entry.text, file: source.name, line: lineOf(entry.place) });
}

function addEntry(draft: Draft, entry: Entry, context: Context): void {
  const parsed = parseAccessEntry(entry.text);
  if ('reason' in parsed) return; // reported by validation
  switch (parsed.kind) {
    case 'prefixes':
      if (parsed.trailingZeros) warnOfZeros(entry, { prefixes: parsed.prefixes, context });
      for (const prefix of parsed.prefixes) draft.builder.add(prefix, lineOf(entry.place));
      break;
    case 'zoned': {
      const prefix = zonePrefix(entry, { parsed, context });
      if (prefix) draft.builder.add(prefix, lineOf(entry.place));
      break;
    }
    case 'host':
      addName(draft, entry, { kind: 'host', name: parsed.name });
      break;
    case 'domain':
      addName(draft, entry, { kind: 'suffix', name: parsed.suffix.slice(1) });
      break;
    case 'network':
      addWord(draft, entry, { name: parsed.name, context });
      break;
    case 'peer':
      addPeer(draft, entry, { parsed, context });
      break;
    case 'file': {
      const file = context.lists.read(parsed.path, entry.place);
      if (file) draft.files.push(file);
      break;
    }
  }
}

/** An access list as written, with everything that it names looked up; what is wrong is in the report. */
export function resolveAccessList(
  setting: Setting<readonly string[]> | undefined,
  context: Context & { readonly fallback: Place },
): ResolvedList | undefined {
  if (!setting) return undefined;
  const draft: Draft = { builder: new PrefixListBuilder(), names: [], peers: [], files: [] };
  const place = setting.node?.place ?? context.fallback;
  for (const [index, text] of setting.value.entries()) {
    const item = itemNode(setting.node, index)?.place;
    addEntry(draft, { text, place: item ?? place }, context);
  }
  const own = { file: place.source.name, list: draft.builder.finish() };
  return { prefixes: [own, ...draft.files], names: draft.names, peers: draft.peers };
}
