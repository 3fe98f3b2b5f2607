import { quote } from '../../config/quote.ts';
import type { MapEntry } from '../../config/syntax-node.ts';
import { CAPABILITIES } from '../../model/capability.ts';
import { entryOf, listNode, scalarNode } from '../tree.ts';
import { isRoot } from './identity-entries.ts';
import type { PairContext } from './pair.ts';
import { placeOfValue, type Setting } from './unit.ts';
import { plainWords } from './words-of.ts';

const ALL: readonly string[] = CAPABILITIES;

/** A set of capabilities, and the line that is to blame for it. */
interface Capabilities {
  readonly names: ReadonlySet<string>;
  readonly setting: Setting;
}

function namesIn(setting: Setting, { report }: PairContext): ReadonlySet<string> {
  const isInverted = setting.value.startsWith('~');
  const words = plainWords(setting).map((word, index) =>
    isInverted && index === 0 ? { ...word, text: word.text.slice(1) } : word,
  );
  const known = words.filter(({ text, place }) => {
    if (text === '' || ALL.includes(text.toUpperCase())) return text !== '';
    const message = `Ignored ${quote(text)} in "${setting.name}=": no capability of Linux is called so`;
    report.add({ code: 'systemd/ignored', at: place, message });
    return false;
  });
  return new Set(known.map(({ text }) => text.toUpperCase()));
}

/** What all lines come to: an inverted one takes away, another adds, and the first of all replaces what is usual. */
function capabilitiesOf(
  name: string,
  usual: readonly string[],
  context: PairContext,
): Capabilities | undefined {
  const settings = context.service.settings.filter(
    (each) => each.section === 'Service' && each.name === name,
  );
  const setting = settings.at(-1);
  let names: ReadonlySet<string> = new Set(usual);
  for (const each of settings) {
    const listed = namesIn(each, context);
    const isInverted = each.value.startsWith('~');
    const isFresh = listed.size === 0 || names.size === usual.length;
    const without = (from: Iterable<string>): readonly string[] =>
      [...from].filter((one) => !listed.has(one));
    if (isInverted) names = new Set(without(isFresh ? ALL : names));
    else names = new Set(isFresh ? listed : [...names, ...listed]);
  }
  return setting && { names, setting };
}

/** What a program that is set-user-ID could still get is another matter in zinetd. */
function warnOfSetuid(setting: Setting, { report }: PairContext): void {
  const message = `Took "${setting.name}=" for all that the program and whatever it starts can ever have, set-user-ID programs included`;
  const help = 'leave "capabilities" out if it starts such programs';
  report.add({ code: 'systemd/capabilities', at: placeOfValue(setting), message, help });
}

/** Root has what it is bounded by; another user what is ambient, and the bounds are for set-user-ID programs. */
export function capabilitiesEntry(context: PairContext): MapEntry | undefined {
  const bounds = capabilitiesOf('CapabilityBoundingSet', ALL, context);
  const ambient = capabilitiesOf('AmbientCapabilities', [], context);
  const isBare = bounds?.names.size === 0;
  if (!isRoot(context) && ambient && ambient.names.size > 0) {
    const names = [...ambient.names].filter((name) => bounds?.names.has(name) ?? true);
    if (!bounds || bounds.names.size > names.length) warnOfSetuid(ambient.setting, context);
    return entryFor(names, ambient.setting);
  }
  if (!bounds || bounds.names.size === ALL.length) return undefined;
  if (isRoot(context) || isBare) return entryFor([...bounds.names], bounds.setting);
  warnOfSetuid(bounds.setting, context);
  return entryFor([], bounds.setting);
}

function entryFor(names: readonly string[], setting: Setting): MapEntry {
  const at = placeOfValue(setting);
  return entryOf(
    'capabilities',
    listNode(
      names.map((name) => scalarNode(name, at)),
      at,
    ),
  );
}
