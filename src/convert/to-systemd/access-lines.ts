import { parseAccessEntry } from '../../config/access-entry.ts';
import { formatAddress } from '../../model/address.ts';
import type { Prefix } from '../../model/prefix.ts';
import { cannot, inSocket, type UnitContext, type UnitLine } from './unit-writer.ts';

type ListName = 'only_from' | 'no_access';

/** The prefixes of a list; undefined after a report. */
function prefixesOf(name: ListName, context: UnitContext): readonly Prefix[] | undefined {
  const prefixes: Prefix[] = [];
  for (const text of context.service.settings[name]?.value ?? []) {
    const entry = parseAccessEntry(text);
    if ('reason' in entry) return undefined;
    if (entry.kind !== 'prefixes') {
      cannot(name, `a socket unit goes by addresses alone, and not by "${text}"`, context);
      return undefined;
    }
    prefixes.push(...entry.prefixes);
  }
  return prefixes;
}

function bitsOf({ bytes, length }: Prefix): string {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('');
  return `${bytes.length}:${bits.slice(0, length)}`;
}

function line(name: string, prefixes: readonly Prefix[]): readonly UnitLine[] {
  const texts = prefixes.map(({ bytes, length }) => `${formatAddress(bytes)}/${length}`);
  return texts.length === 0 ? [] : [inSocket(name, texts.join(' '))];
}

/** Who is allowed is not denied under systemd: a denial inside of what is allowed has no words there. */
export function accessLines(context: UnitContext): readonly UnitLine[] {
  const { only_from: only, no_access: no, match } = context.service.settings;
  if (!only && !no) return [];
  const allowed = prefixesOf('only_from', context);
  const denied = prefixesOf('no_access', context);
  if (!allowed || !denied) return [];
  if (!only) return line('IPAddressDeny', denied);
  const overlap = denied.some((denial) =>
    allowed.some((each) => {
      const [inner, outer] = [bitsOf(denial), bitsOf(each)];
      return inner.startsWith(outer) || (match?.value === 'xinetd' && outer.startsWith(inner));
    }),
  );
  if (overlap) return cannot('no_access', 'under systemd whoever is allowed is not denied', context);
  return [...line('IPAddressAllow', allowed), inSocket('IPAddressDeny', 'any')];
}
