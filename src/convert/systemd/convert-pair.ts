import { posix } from 'node:path';
import { quote } from '../../config/quote.ts';
import type { MapEntry, MapNode } from '../../config/syntax-node.ts';
import { entryOf, listNode, mapNode, scalarNode } from '../tree.ts';
import { accessEntries } from './access-entries.ts';
import { capabilitiesEntry } from './capabilities-entry.ts';
import { checkSettings } from './check-settings.ts';
import { environmentEntries } from './environment-entries.ts';
import { filterEntries } from './filter-entries.ts';
import { identityEntries } from './identity-entries.ts';
import { laterEntries } from './later-entries.ts';
import { lifeEntries } from './life-entries.ts';
import { limitEntries } from './limit-entries.ts';
import { listenWords } from './listen-words.ts';
import type { Pair, PairContext } from './pair.ts';
import { programEntries } from './program-entries.ts';
import { rateEntries } from './rate-entries.ts';
import { rlimitsEntry } from './rlimits-entry.ts';
import { sandboxEntries } from './sandbox-entries.ts';
import { socketEntries } from './socket-entries.ts';
import { streamEntries } from './stream-entries.ts';
import { topOf } from './unit.ts';
import { readEnvironment } from './variables.ts';
import { waitEntries } from './wait-entries.ts';

/** Directories that are there on any machine. */
const USUAL_DIRECTORIES: ReadonlySet<string> = new Set([
  '/',
  '/run',
  '/var/run',
  '/tmp',
  '/var/tmp',
  '/dev/shm',
]);

/** systemd makes the directories of a socket. */
function warnOfDirectories({ listens, report }: PairContext): void {
  for (const { kind, text, place } of listens) {
    const directory = posix.dirname(text.replace(/^[a-z-]+:\/\//, ''));
    if (kind !== 'path' || USUAL_DIRECTORIES.has(directory)) continue;
    const message = `Cannot make ${quote(directory)} for the socket: systemd does, zinetd does not`;
    const help = 'make it at boot, as with tmpfiles.d(5)';
    report.add({ code: 'systemd/directory', at: place, message, help });
  }
}

function listenEntry({ listens }: PairContext): MapEntry | undefined {
  const [first] = listens;
  if (!first) return undefined;
  const nodes = listens.map(({ text, place }) => scalarNode(text, place));
  return entryOf('listen', nodes.length === 1 && nodes[0] ? nodes[0] : listNode(nodes, first.place));
}

/** What the sockets and the program of a pair become. A later entry of the same key wins. */
export function convertPair(
  pair: Pair,
  context: Pick<PairContext, 'report' | 'readVariables'>,
): MapNode | undefined {
  const { report } = context;
  const listens = listenWords(pair.socket, report);
  const whole: PairContext = { ...pair, ...context, listens };
  if (listens.length === 0) {
    const message = `Cannot convert ${quote(pair.socket.name.full)}: it listens on nothing that zinetd can listen on`;
    report.add({ code: 'systemd/not-supported', at: topOf(pair.socket), message });
    return undefined;
  }
  checkSettings(pair, report);
  warnOfDirectories(whole);
  const environment = readEnvironment(whole);
  const rows = [
    listenEntry(whole),
    ...socketEntries(whole),
    ...waitEntries(whole),
    ...identityEntries(whole),
    ...programEntries(whole, environment),
    ...environmentEntries(whole, environment),
    ...streamEntries(whole),
    rlimitsEntry(whole),
    ...lifeEntries(whole),
    ...accessEntries(whole),
    ...rateEntries(whole),
    ...limitEntries(whole),
    capabilitiesEntry(whole),
    ...sandboxEntries(whole),
    ...filterEntries(whole),
    ...laterEntries(whole),
  ];
  return mapNode(rows, topOf(pair.socket));
}
