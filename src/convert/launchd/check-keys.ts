import { didYouMean } from '../../config/nearest.ts';
import { quote } from '../../config/quote.ts';
import type { Report } from '../../config/report.ts';
import type { KeyRule } from './key-table.ts';
import type { PlistDict, PlistEntry, PlistNode, PlistType } from './plist-node.ts';

const NAMES: Readonly<Record<PlistType, string>> = {
  dict: 'a dictionary',
  array: 'an array',
  string: 'a string',
  integer: 'an integer',
  real: 'a real number',
  boolean: 'true or false',
  date: 'a date',
  data: 'data',
};

export function typeFault(
  key: string,
  { type, place }: PlistNode,
  types: readonly PlistType[],
  report: Report,
): undefined {
  const wanted = types.map((each) => NAMES[each]).join(' or ');
  const message = `Cannot use ${quote(key)}: it must be ${wanted}, not ${NAMES[type]}`;
  report.add({ code: 'launchd/type', at: place, message });
}

/** What says no is not lost. */
function saysNo({ value }: PlistEntry): boolean {
  return value.type === 'boolean' && !value.value;
}

/** Looking for a name that was meant takes its time, and nobody misspells more of them than this. */
const MOST_ADVICE = 20;

interface Subject {
  readonly rules: ReadonlyMap<string, KeyRule>;
  readonly report: Report;
  /** How many keys of the dictionary nobody knew before this one. */
  readonly unknown: number;
}

function checkEntry(entry: PlistEntry, { rules, report, unknown }: Subject): void {
  const { key, keyPlace, value } = entry;
  const rule = rules.get(key);
  if (!rule) {
    const message = `Left out ${quote(key)}: launchd.plist(5) has no such key there`;
    const help = unknown < MOST_ADVICE ? didYouMean(key, rules.keys()) : undefined;
    report.add({ code: 'launchd/unknown-key', at: keyPlace, message, help });
  } else if (!rule.types.includes(value.type)) typeFault(key, value, rule.types, report);
  else if (rule.lost !== undefined && rule.isVital && !saysNo(entry)) {
    report.add({
      code: 'launchd/not-supported',
      at: keyPlace,
      message: `Cannot carry out "${key}": ${rule.lost}`,
    });
  } else if (rule.lost !== undefined && !saysNo(entry)) {
    report.add({ code: 'launchd/no-counterpart', at: keyPlace, message: `Left out "${key}": ${rule.lost}` });
  }
}

/** Tells of every key that is not carried over, and of every value of a wrong type. */
export function checkKeys({ entries }: PlistDict, rules: ReadonlyMap<string, KeyRule>, report: Report): void {
  let unknown = 0;
  for (const entry of entries.values()) {
    checkEntry(entry, { rules, report, unknown });
    if (!rules.has(entry.key)) unknown++;
  }
}
