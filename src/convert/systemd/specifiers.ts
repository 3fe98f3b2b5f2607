import { itemAt } from '../../model/item-at.ts';
import type { UnitName } from './unit-name.ts';

/** What a text is with its specifiers put in, or the one that nobody knows beforehand. */
export type Expanded = { readonly text: string } | { readonly unknown: string };

/** Of the service manager of the system, which root runs. */
const FIXED: Readonly<Record<string, string>> = {
  ...{
    '%': '%',
    t: '/run',
    S: '/var/lib',
    C: '/var/cache',
    L: '/var/log',
    E: '/etc',
    T: '/tmp',
    V: '/var/tmp',
  },
  ...{ u: 'root', U: '0', g: 'root', G: '0', h: '/root' },
};

/** systemd-escape(1) backwards. */
function unescapeName(text: string): string {
  return text.replace(/-|\\x[0-9a-fA-F]{2}/g, (found) =>
    found === '-' ? '/' : String.fromCharCode(Number.parseInt(found.slice(2), 16)),
  );
}

/** What hangs on the name; `instance` is unknown where each connection has its own. */
function ofName(
  specifier: string,
  { prefix, instance, type }: UnitName,
  isPerClient: boolean,
): string | undefined {
  const last = itemAt(prefix.split('-'), -1);
  const name = instance === undefined ? prefix : `${prefix}@${instance}`;
  switch (specifier) {
    case 'p':
      return prefix;
    case 'P':
      return unescapeName(prefix);
    case 'j':
      return last;
    case 'J':
      return unescapeName(last);
    default:
      if (isPerClient) return undefined;
  }
  switch (specifier) {
    case 'n':
      return `${name}.${type}`;
    case 'N':
      return name;
    case 'i':
      return instance ?? '';
    case 'I':
      return unescapeName(instance ?? '');
    case 'f':
      return `/${unescapeName(instance ?? prefix)}`;
    default:
      return undefined;
  }
}

/** Puts in what systemd.unit(5) calls specifiers. `isPerClient`: the unit has an instance for each connection. */
export function expandSpecifiers(
  text: string,
  { name, isPerClient }: { readonly name: UnitName; readonly isPerClient: boolean },
): Expanded {
  let unknown: string | undefined;
  const expanded = text.replace(/%(.)/gs, (whole, specifier: string) => {
    // systemd leaves what is no specifier as it is.
    if (!/[A-Za-z%]/.test(specifier)) return whole;
    const value = Object.hasOwn(FIXED, specifier) ? FIXED[specifier] : ofName(specifier, name, isPerClient);
    if (value === undefined) unknown ??= whole;
    return value ?? '';
  });
  return unknown === undefined ? { text: expanded } : { unknown };
}
