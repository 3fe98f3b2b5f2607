import type { MapEntry } from '../../config/syntax-node.ts';
import { entryOf, mapNode, scalarNode } from '../tree.ts';
import type { PairContext } from './pair.ts';
import { spanText } from './parse-span.ts';
import { placeOfValue, type Setting, topOf } from './unit.ts';
import { askSpan, askWhole, ofSocket } from './value-of.ts';

/** So many activations in that time. */
interface Rate {
  readonly burst: number;
  readonly intervalMs: number;
  /** Undefined where the unit says nothing, and this is what systemd does by itself. */
  readonly setting: Setting | undefined;
}

const INTERVAL_MS = 2000;
const MOST_BURST = 1_000_000;

/** Undefined where nothing is limited: 0 says so. */
function rateOf(kind: 'TriggerLimit' | 'PollLimit', usual: number, context: PairContext): Rate | undefined {
  const burst = askWhole(ofSocket(context, `${kind}Burst`), context);
  const interval = askSpan(ofSocket(context, `${kind}IntervalSec`), context);
  const rate = {
    burst: Math.min(burst?.value ?? usual, MOST_BURST),
    intervalMs: interval?.value ?? INTERVAL_MS,
    setting: burst?.setting ?? interval?.setting,
  };
  const isLimit = rate.burst > 0 && rate.intervalMs > 0 && Number.isFinite(rate.intervalMs);
  return isLimit ? rate : undefined;
}

/** Who is one of many: systemd has no limit of a source, so that one may have all. */
function perSource(
  { burst, intervalMs }: Rate,
  context: PairContext,
  at: ReturnType<typeof placeOfValue>,
): readonly MapEntry[] {
  if (!context.accepts) return [];
  const count = entryOf('count', scalarNode(burst, at));
  return [
    entryOf('rate_per_source', mapNode([count, entryOf('per', scalarNode(spanText(intervalMs), at))], at)),
  ];
}

function cpsEntry({ burst, intervalMs }: Rate, at: ReturnType<typeof placeOfValue>): MapEntry {
  const rate = entryOf('rate', scalarNode(burst, at));
  return entryOf('cps', mapNode([rate, entryOf('per', scalarNode(spanText(intervalMs), at))], at));
}

function triggerEntries(trigger: Rate, context: PairContext): readonly MapEntry[] {
  if (!trigger.setting) return perSource(trigger, context, topOf(context.socket));
  const at = placeOfValue(trigger.setting);
  const message =
    'Took the limit of triggers for "cps": the service accepts nothing for 10 seconds where the socket unit fails until somebody starts it again';
  const help = 'write "wait" in "cps" for another time, or "policies: {cps: reject}"';
  context.report.add({ code: 'systemd/trigger-limit', at, message, help });
  return [cpsEntry(trigger, at), ...perSource(trigger, context, at)];
}

/** How often the socket may start something. */
export function rateEntries(context: PairContext): readonly MapEntry[] {
  const trigger = rateOf('TriggerLimit', context.accepts ? 200 : 20, context);
  const poll = rateOf('PollLimit', context.accepts ? 150 : 15, context);
  if (!poll?.setting) return trigger ? triggerEntries(trigger, context) : [];
  const at = placeOfValue(poll.setting);
  if (trigger?.setting) {
    const message = `Left out "${trigger.setting.name}=": there is one limit in zinetd, and "PollLimit" is it`;
    context.report.add({ code: 'systemd/no-counterpart', at: trigger.setting.place, message });
  }
  const queue = entryOf('policies', mapNode([entryOf('cps', scalarNode('queue', at))], at));
  return [cpsEntry(poll, at), queue, ...perSource(poll, context, at)];
}
