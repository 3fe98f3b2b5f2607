import type { MapEntry } from '../../config/syntax-node.ts';
import { entryOf, scalarNode } from '../tree.ts';
import type { PairContext } from './pair.ts';
import { spanText } from './parse-span.ts';
import { lastOf, placeOfValue, type Setting } from './unit.ts';
import { askSpan, ofService, refuseSetting } from './value-of.ts';

const DAY_MS = 86_400_000;
const MOST_GRACE_MS = 24 * DAY_MS;
const MOST_AGE_MS = 365 * DAY_MS;

/** A time without a limit of ours is left out; `setting` says whose it is. */
function spanEntry(
  attribute: string,
  { spanMs, setting }: { readonly spanMs: number; readonly setting: Setting },
): MapEntry {
  return entryOf(attribute, scalarNode(spanText(spanMs), placeOfValue(setting)));
}

function graceEntry(context: PairContext): MapEntry | undefined {
  const said = askSpan(ofService(context, 'TimeoutStopSec', 'TimeoutSec'), context);
  if (!said) return undefined;
  if (said.value > 0 && said.value <= MOST_GRACE_MS) {
    return spanEntry('grace', { spanMs: said.value, setting: said.setting });
  }
  const message = `Left out "${said.setting.name}=${said.setting.value}": zinetd waits for 5 seconds, or for up to 24 days if "grace" says so`;
  context.report.add({ code: 'systemd/no-counterpart', at: placeOfValue(said.setting), message });
  return undefined;
}

/** `oneshot` services start as long as they run, and others run once they have started. */
function ageNames({ service }: PairContext): readonly string[] {
  const isOneshot = lastOf(service, 'Service', 'Type')?.value === 'oneshot';
  return isOneshot ? ['TimeoutStartSec', 'TimeoutSec'] : ['RuntimeMaxSec'];
}

function ageEntry(context: PairContext): MapEntry | undefined {
  const said = askSpan(ofService(context, ...ageNames(context)), context);
  if (!said || said.value === 0 || !Number.isFinite(said.value)) return undefined;
  if (!context.accepts) {
    const message = `Left out "${said.setting.name}=": who accepts by itself has clients of whom zinetd does not know how old they are`;
    context.report.add({ code: 'systemd/no-counterpart', at: placeOfValue(said.setting), message });
    return undefined;
  }
  if (said.value <= MOST_AGE_MS)
    return spanEntry('max_connection_age', { spanMs: said.value, setting: said.setting });
  return refuseSetting(said.setting, 'a connection has an age of 365 days at the most', context);
}

function niceEntry(context: PairContext): MapEntry | undefined {
  const setting = lastOf(context.service, 'Service', 'Nice');
  if (!setting) return undefined;
  const nice = /^[+-]?[0-9]{1,2}$/.test(setting.value) ? Number(setting.value) : Number.NaN;
  if (nice >= -20 && nice <= 19) return entryOf('nice', scalarNode(nice, placeOfValue(setting)));
  return refuseSetting(setting, 'must be -20 to 19', context);
}

function umaskEntry(context: PairContext): MapEntry | undefined {
  const setting = lastOf(context.service, 'Service', 'UMask');
  if (!setting) return undefined;
  const isMask = /^[0-7]{1,4}$/.test(setting.value) && Number.parseInt(setting.value, 8) <= 0o777;
  if (!isMask) return refuseSetting(setting, 'must be an octal number up to 0777', context);
  return entryOf('umask', scalarNode(setting.value.slice(-3).padStart(3, '0'), placeOfValue(setting)));
}

/** How a program runs, and for how long. */
export function lifeEntries(context: PairContext): readonly (MapEntry | undefined)[] {
  return [umaskEntry(context), niceEntry(context), graceEntry(context), ageEntry(context)];
}
