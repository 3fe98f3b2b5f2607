import type { Budget } from '../../config/budget.ts';
import { quote } from '../../config/quote.ts';
import type { Report } from '../../config/report.ts';
import type { Assignment } from './assignment.ts';
import type { Word } from './entry.ts';

const ADDRESSES: ReadonlySet<string> = new Set(['no_access', 'only_from']);
/** Written as everybody reads it; other notations are compared as texts. */
const IPV4 = /^(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})(?:\/(0|[1-9]\d?))?$/;

/** Zeros at the end of an address stand for a network. */
function impliedPrefix(bytes: readonly number[]): number {
  const last = bytes.findLastIndex((byte) => byte !== 0);
  return 8 * (last + 1);
}

/** What two notations of the same have in common, as far as it can be told without looking up a name. */
function sameness(name: string, text: string): string {
  const lower = text.toLowerCase();
  const match = ADDRESSES.has(name) ? IPV4.exec(lower) : null;
  if (!match) return lower;
  const bytes = match.slice(1, 5).map(Number);
  return `${bytes.join('.')}/${match[5] === undefined ? impliedPrefix(bytes) : Number(match[5])}`;
}

interface Told {
  readonly key: string;
  readonly values: readonly Word[];
  readonly report: Report;
}

/** Whether it is clear that an address is none of a list, however they are written. */
function isElsewhere(text: string, values: readonly Word[]): boolean {
  const isOther = (entry: string): boolean =>
    IPV4.test(entry) || entry.includes(':') || entry === 'localhost';
  return IPV4.test(text) && values.every((value) => isOther(value.text.toLowerCase()));
}

/** Says what of the addresses to be taken away is not in the list; false where it may be there in other words. */
function tellAbsent(absent: readonly Word[], { key, values, report }: Told): boolean {
  for (const { text, place } of absent) {
    if (isElsewhere(text, values)) {
      const message = `Ignored ${quote(text)} behind "-=": it is not in "${key}"`;
      report.add({ code: 'xinetd/operator', at: place, message });
      continue;
    }
    // In the list by mistake, it would let somebody in.
    const message = `Cannot take ${quote(text)} from "${key}": it is not there in these words`;
    const help = `write "${key} =" with what is meant to remain`;
    report.add({ code: 'xinetd/removal', at: place, message, help });
    return false;
  }
  return true;
}

/** A list without what is taken away; undefined after a report. */
export function removeValues(
  values: readonly Word[],
  { name, values: removed, operatorAt }: Assignment,
  { report, budget }: { readonly report: Report; readonly budget: Budget },
): readonly Word[] | undefined {
  // Each looks at all that is there.
  budget.nodes -= values.length * removed.length;
  const key = name.text.toLowerCase();
  if (key === 'env') {
    const message = 'Cannot take variables from "env": xinetd has "=" and "+=" for it';
    return void report.add({ code: 'xinetd/removal', at: operatorAt, message });
  }
  const present = new Set(values.map(({ text }) => sameness(key, text)));
  const absent = removed.filter(({ text }) => ADDRESSES.has(key) && !present.has(sameness(key, text)));
  if (!tellAbsent(absent, { key, values, report })) return undefined;
  const gone = new Set(removed.map(({ text }) => sameness(key, text)));
  return values.filter(({ text }) => !gone.has(sameness(key, text)));
}
