import { quote } from '../../config/quote.ts';
import type { Place } from '../../config/source.ts';
import type { MapEntry } from '../../config/syntax-node.ts';
import { entryOf, listNode, mapNode, scalarNode } from '../tree.ts';
import { cpsEntries } from './cps-entries.ts';
import { firstWord } from './first-word.ts';
import { parseWhole } from './parse-whole.ts';
import { refuseValue } from './refuse-value.ts';
import type { ShapedEntry } from './shaped-entry.ts';

const MOST_HANDLERS = 65_535;

interface Limit {
  readonly value: number;
  readonly at: Place;
}

/** A limit of handlers; Infinity for none, undefined where it is not set, and after a report. */
function limitOf(name: string, { entry, report }: ShapedEntry): Limit | undefined {
  const word = firstWord(entry, name);
  if (!word) return undefined;
  const at = word.place;
  if (/^unlimited$/i.test(word.text)) return { value: Number.POSITIVE_INFINITY, at };
  const value = parseWhole({ name, word, least: 0 }, report);
  if (value === undefined || value <= MOST_HANDLERS) return value === undefined ? undefined : { value, at };
  const message = `Took "${name} = ${value}" for UNLIMITED: more than ${MOST_HANDLERS} cannot run`;
  report.add({ code: 'xinetd/limit', at, message });
  return { value: Number.POSITIVE_INFINITY, at };
}

function limitEntry(name: string, { value, at }: Limit): MapEntry {
  return entryOf(name, scalarNode(Number.isFinite(value) ? value : 'UNLIMITED', at));
}

/** Whether handlers of the service can be many at once, and are counted. */
function isConcurrent({ shape: { isWaiting, kind, transport } }: ShapedEntry): boolean {
  return !isWaiting && kind !== 'sensor' && (kind !== 'builtin' || transport === 'tcp');
}

interface Limits {
  readonly instances: Limit | undefined;
  readonly perSource: Limit | undefined;
}

/** One source may have all that the service has, where xinetd's file does not say otherwise. */
function handlerEntries(shaped: ShapedEntry, limits: Limits): readonly MapEntry[] {
  if (!isConcurrent(shaped)) return [];
  const { entry, unsetAt = entry.name.place } = shaped;
  const unlimited = { value: Number.POSITIVE_INFINITY, at: unsetAt };
  const { instances = unlimited, perSource = { ...unlimited, at: instances.at } } = limits;
  const isLimited = Number.isFinite(instances.value) || Number.isFinite(perSource.value);
  return [limitEntry('instances', instances), ...(isLimited ? [limitEntry('per_source', perSource)] : [])];
}

/** Clients behind 0 are all turned away. */
function neverEntries({ shape }: ShapedEntry, at: Place): readonly MapEntry[] {
  if (shape.knowsPeers) return [entryOf('only_from', listNode([], at))];
  const cps = entryOf('cps', mapNode([entryOf('rate', scalarNode(0, at))], at));
  return [cps, entryOf('policies', mapNode([entryOf('cps', scalarNode('reject', at))], at))];
}

function never(shaped: ShapedEntry, { instances, perSource }: Limits): readonly MapEntry[] {
  const { shape, report } = shaped;
  // Of an unknown client there are never too many.
  const zero = [instances, shape.knowsPeers ? perSource : undefined].find((limit) => limit?.value === 0);
  if (!zero || shape.kind === 'sensor') return [];
  const message = `Took the limit 0 for never, as xinetd does: nobody is served`;
  const help = 'write UNLIMITED, or remove the limit, if the service is meant to be open';
  report.add({ code: 'xinetd/never', at: zero.at, message, help });
  return neverEntries(shaped, zero.at);
}

const LOAD = /^\+?([0-9]+(?:\.[0-9]*)?|\.[0-9]+)(.*)$/;

/** A number with what may stand behind it, as sscanf(3) reads it. */
function loadEntry({ entry, report }: ShapedEntry): MapEntry | undefined {
  const word = firstWord(entry, 'max_load');
  if (!word) return undefined;
  const [, digits, rest] = LOAD.exec(word.text) ?? [];
  const value = Number(digits);
  if (!(value > 0))
    return refuseValue({ name: 'max_load', word, reason: 'must be a number above 0' }, report);
  if (rest !== '') {
    const message = `Took ${quote(word.text)} for ${value}, as xinetd does`;
    report.add({ code: 'xinetd/limit', at: word.place, message });
  }
  return entryOf('max_load', scalarNode(value, word.place));
}

/** How many, how often, and under which load. A later entry of the same key wins. */
export function limitEntries(shaped: ShapedEntry): readonly (MapEntry | undefined)[] {
  const limits: Limits = {
    instances: limitOf('instances', shaped),
    perSource: limitOf('per_source', shaped),
  };
  const closed = never(shaped, limits);
  return [
    loadEntry(shaped),
    ...cpsEntries(shaped),
    ...(closed.length > 0 ? closed : handlerEntries(shaped, limits)),
  ];
}
