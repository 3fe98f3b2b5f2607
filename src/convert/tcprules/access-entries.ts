import type { Report } from '../../config/report.ts';
import type { Place } from '../../config/source.ts';
import type { MapEntry } from '../../config/syntax-node.ts';
import { listEntries } from '../list-entries.ts';
import type { LookUp, PeerRule } from '../peer-rule.ts';
import { hostsEntries } from './hosts-entries.ts';
import { orderRules } from './order-rules.ts';

interface Context {
  readonly lookUp: LookUp;
  readonly report: Report;
  /** Where the rules are asked for. */
  readonly at: Place;
}

function isListable({ peer, grants, env }: PeerRule): boolean {
  return (peer.kind === 'network' || peer.kind === 'all') && (!grants || env.length === 0);
}

function warnOfNames(rules: readonly PeerRule[], { lookUp, report }: Context): void {
  const rule = rules.find(({ peer }) => ['host', 'domain', 'named'].includes(peer.kind));
  if (!rule || lookUp.confirmsNames) return;
  const message =
    'Took names for those that lead back to the address: whoever has another counts as nameless';
  const help = 'a rule that refuses a name refuses those as well';
  report.add({ code: 'tcprules/names', at: rule.place, message, help });
}

/**
 * Who is served by rules of which the most specific decides: access lists where they can say it, else rules of
 * tcp_wrappers, which can set variables, in the order of the look-up.
 */
export function accessEntries(
  rules: readonly PeerRule[],
  context: Context,
): readonly (MapEntry | undefined)[] {
  const ordered = orderRules(rules, context.lookUp);
  if (ordered.every(isListable)) return listEntries(ordered, context);
  warnOfNames(ordered, context);
  return hostsEntries(ordered, context);
}
