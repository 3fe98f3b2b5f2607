import type { MapEntry, SyntaxNode } from '../../config/syntax-node.ts';
import { entryOf, mapNode, scalarNode } from '../tree.ts';
import { checkKeys } from './check-keys.ts';
import { type JobContext, refuseValue } from './job-context.ts';
import { LIMIT_KEYS, LIMITS } from './key-table.ts';
import type { PlistNode } from './plist-node.ts';
import { dictAt, integerAt } from './plist-values.ts';

/** launchd starts programs without end; here whoever comes when so many run waits in the backlog of the kernel. */
const MOST_HANDLERS = 256;

type Limit = Extract<PlistNode, { type: 'integer' }>;

/** A soft limit alone leaves the hard one as it is, and the other way round: both are what is written. */
function limitNode(
  name: string,
  [soft, hard]: readonly (Limit | undefined)[],
  context: JobContext,
): SyntaxNode | undefined {
  const only = soft ?? hard;
  if (!only) return undefined;
  const negative = [soft, hard].find((limit) => limit && limit.value < 0);
  if (negative) {
    const reason = 'it must not be below 0';
    return refuseValue(context, { key: name, at: negative.place, written: String(negative.value), reason });
  }
  if (!soft || !hard) {
    const message = `Took "${name}" for the soft and the hard limit: only one of them is written`;
    const help = 'write the other one, too';
    context.report.add({ code: 'launchd/limit', at: only.place, message, help });
    return scalarNode(only.value, only.place);
  }
  return mapNode(
    [
      entryOf('soft', scalarNode(soft.value, soft.place)),
      entryOf('hard', scalarNode(hard.value, hard.place)),
    ],
    soft.place,
  );
}

function rlimitsEntry(context: JobContext): MapEntry | undefined {
  const dicts = ['SoftResourceLimits', 'HardResourceLimits'].map((key) => dictAt(context.job, key));
  for (const dict of dicts) if (dict) checkKeys(dict, LIMIT_KEYS, context.report);
  const entries = Array.from(LIMITS, ([name, key]) => {
    const node = limitNode(
      name,
      dicts.map((dict) => dict && integerAt(dict, name)),
      context,
    );
    return node && entryOf(key, node);
  }).filter((entry) => entry !== undefined);
  const [first] = entries;
  return first && entryOf('rlimits', mapNode(entries, first.value.place));
}

/** How many programs may run at once. */
function instancesEntries(context: JobContext): readonly MapEntry[] {
  const inetd = dictAt(context.job, 'inetdCompatibility');
  const written = inetd && integerAt(inetd, 'Instances');
  const at = (written ?? inetd ?? context.label).place;
  const queue = entryOf('policies', mapNode([entryOf('instances', scalarNode('queue', at))], at));
  if (!written) return [entryOf('instances', scalarNode(MOST_HANDLERS, at)), queue];
  const perSource = entryOf('per_source', scalarNode('UNLIMITED', at));
  return [entryOf('instances', scalarNode(written.value, at)), perSource, queue];
}

/** How long a program has that is told to end; 0 is for ever. */
function graceEntry({ job, report }: JobContext): MapEntry | undefined {
  const time = integerAt(job, 'ExitTimeOut');
  if (!time) return undefined;
  if (time.value > 0) return entryOf('grace', scalarNode(`${time.value}s`, time.place));
  const message = 'Left out "ExitTimeOut": zinetd waits for no program for ever';
  return void report.add({ code: 'launchd/no-counterpart', at: time.place, message });
}

/** What the program may use, and how many there may be. */
export function limitEntries(context: JobContext, isWaiting: boolean): readonly (MapEntry | undefined)[] {
  return [rlimitsEntry(context), ...(isWaiting ? [] : instancesEntries(context)), graceEntry(context)];
}
