import type { Place } from '../../config/source.ts';
import type { MapEntry } from '../../config/syntax-node.ts';
import { entryOf, listNode, mapNode, scalarNode } from '../tree.ts';
import type { Dialect } from './dialect.ts';
import { knowsPeers } from './knows-peers.ts';
import type { ParseContext } from './parse-context.ts';
import type { Count, ServiceEntry } from './service-entry.ts';

/** How often inetd starts a service in a minute before it takes it for one that is looping. */
const LOOP_LIMIT = 256;
/** inetd starts handlers without end; here whoever comes when so many run waits in the backlog. */
const MOST_HANDLERS = 256;

function rateOf(count: number, place: Place): MapEntry {
  const rate = [entryOf('count', scalarNode(count, place)), entryOf('per', scalarNode('1m', place))];
  return entryOf('rate_per_source', mapNode(rate, place));
}

function unlimited(key: string, place: Place): MapEntry {
  return entryOf(key, scalarNode('UNLIMITED', place));
}

function policyOf(check: string, policy: string, place: Place): MapEntry {
  return entryOf(check, scalarNode(policy, place));
}

/** A limit that is not one in this dialect counts as not written. */
function effective(count: Count | undefined, dialect: Dialect): Count | undefined {
  return count?.value === 0 && dialect.zero !== 'never' ? undefined : count;
}

/** How often one source may come: what is written, or what keeps inetd from looping. */
function sourceRate(entry: ServiceEntry, dialect: Dialect): MapEntry | undefined {
  if (!knowsPeers(entry)) return undefined;
  const { perMinute, perMinuteAndSource } = entry.limits;
  const count = effective(perMinuteAndSource, dialect) ?? effective(perMinute, dialect);
  if (count) return rateOf(count.value, count.place);
  // What inetd answers itself, without a process, it answers as often as it is asked.
  if (entry.program.kind === 'builtin' && entry.socketType === 'dgram') return undefined;
  if (perMinute && dialect.zero === 'unlimited') return unlimited('rate_per_source', perMinute.place);
  return rateOf(LOOP_LIMIT, entry.waitAt);
}

/** `nowait.N`: so many starts in a minute, of whomever. */
function serviceRate(entry: ServiceEntry, dialect: Dialect): MapEntry | undefined {
  const count = effective(entry.limits.perMinute, dialect);
  if (!count) return undefined;
  const { value, place } = count;
  return entryOf(
    'cps',
    mapNode([entryOf('rate', scalarNode(value, place)), entryOf('per', scalarNode('1m', place))], place),
  );
}

/** Whether handlers of the service can be many at once. */
function isConcurrent({ wait, program }: ServiceEntry): boolean {
  return !wait && program.kind === 'server';
}

/** As many handlers at once; whoever comes then waits in the backlog of the kernel. */
function childLimits(entry: ServiceEntry, dialect: Dialect): readonly (MapEntry | undefined)[] {
  const { children, childrenPerSource } = entry.limits;
  if (!isConcurrent(entry)) return [];
  const own = effective(childrenPerSource, dialect);
  const perSource = own && entryOf('per_source', scalarNode(own.value, own.place));
  if (!children) return [entryOf('instances', scalarNode(MOST_HANDLERS, entry.waitAt)), perSource];
  const { place, value } = children;
  const instances =
    value === 0 ? unlimited('instances', place) : entryOf('instances', scalarNode(value, place));
  return [instances, perSource ?? unlimited('per_source', place)];
}

function policies(entry: ServiceEntry, dialect: Dialect): MapEntry | undefined {
  const perMinute = effective(entry.limits.perMinute, dialect);
  const isQueue = isConcurrent(entry) && entry.limits.children?.value !== 0;
  const rows = [
    perMinute && policyOf('cps', 'reject', perMinute.place),
    isQueue ? policyOf('instances', 'queue', entry.limits.children?.place ?? entry.waitAt) : undefined,
  ];
  return perMinute || isQueue ? entryOf('policies', mapNode(rows, entry.waitAt)) : undefined;
}

function warnOfZero({ limits: { perMinute } }: ServiceEntry, { dialect, report }: ParseContext): void {
  if (perMinute?.value !== 0 || dialect.zero !== 'default') return;
  const message = `Ignored the limit 0: ${dialect.name} takes its own then, ${LOOP_LIMIT} a minute`;
  report.add({ code: 'inetd/ignored', at: perMinute.place, message });
}

function warnOfWaiting(entry: ServiceEntry, { report }: ParseContext): void {
  const { children, childrenPerSource, perMinuteAndSource } = entry.limits;
  const surplus = children ?? childrenPerSource ?? (knowsPeers(entry) ? undefined : perMinuteAndSource);
  if (!entry.wait || !surplus || (children?.value === 1 && !childrenPerSource)) return;
  const message = 'Ignored a limit: a server that waits runs once, and accepts whom it likes';
  report.add({ code: 'inetd/ignored', at: surplus.place, message });
}

/** NetBSD: a limit of nothing is a service for nobody. */
function never(entry: ServiceEntry, count: Count, { report }: ParseContext): readonly MapEntry[] {
  const { place } = count;
  const message = 'Took the limit 0 for never, as netbsd does: nobody is served';
  report.add({
    code: 'inetd/never',
    at: place,
    message,
    help: 'remove the limit if the service is meant to be open',
  });
  if (!knowsPeers(entry)) {
    const cps = entryOf('cps', mapNode([entryOf('rate', scalarNode(0, place))], place));
    return [cps, entryOf('policies', mapNode([policyOf('cps', 'reject', place)], place))];
  }
  return [entryOf('only_from', listNode([], place))];
}

/** The limits of a service in the words of a native document, as the dialect means them. */
export function limitEntries(entry: ServiceEntry, context: ParseContext): readonly (MapEntry | undefined)[] {
  const { dialect } = context;
  const { limits } = entry;
  const zero = [limits.perMinute, limits.perMinuteAndSource, limits.children].find(
    (count) => count?.value === 0,
  );
  if (zero && dialect.zero === 'never') return never(entry, zero, context);
  warnOfZero(entry, context);
  warnOfWaiting(entry, context);
  return [
    sourceRate(entry, dialect),
    serviceRate(entry, dialect),
    ...childLimits(entry, dialect),
    policies(entry, dialect),
  ];
}
