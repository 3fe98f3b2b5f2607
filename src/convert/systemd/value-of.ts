import { quote } from '../../config/quote.ts';
import type { Report } from '../../config/report.ts';
import { parseBoolean } from './parse-boolean.ts';
import { parseWhole } from './parse-size.ts';
import { parseSpanMs } from './parse-span.ts';
import { lastOf, placeOfValue, type Setting, type Unit } from './unit.ts';

interface Context {
  readonly report: Report;
}

/** Reports a value that systemd would ignore or refuse. */
export function refuseSetting(setting: Setting, reason: string, { report }: Context): undefined {
  const message = `Cannot use ${quote(setting.value)} for "${setting.name}=": ${reason}`;
  report.add({ code: 'systemd/value', at: placeOfValue(setting), message });
}

/** What a setting says, and where; undefined where it is not set, and after a report. */
export interface Said<T> {
  readonly value: T;
  readonly setting: Setting;
}

/** Names of one setting in a section, of which the last one counts. */
interface Asked {
  readonly unit: Unit;
  readonly section: 'Socket' | 'Service';
  readonly names: readonly string[];
}

function ask<T>(
  { unit, section, names }: Asked,
  options: {
    readonly parse: (text: string) => T | undefined;
    readonly form: string;
    readonly context: Context;
  },
): Said<T> | undefined {
  const setting = lastOf(unit, section, ...names);
  if (!setting) return undefined;
  const value = options.parse(setting.value);
  if (value !== undefined) return { value, setting };
  return refuseSetting(setting, options.form, options.context);
}

export function askBoolean(asked: Asked, context: Context): Said<boolean> | undefined {
  return ask(asked, { parse: parseBoolean, form: 'must be yes or no', context });
}

export function askWhole(asked: Asked, context: Context): Said<number> | undefined {
  return ask(asked, { parse: parseWhole, form: 'must be a number', context });
}

/** In milliseconds. */
export function askSpan(asked: Asked, context: Context): Said<number> | undefined {
  const form = 'must be a time span such as "10s" or "2min"';
  return ask(asked, { parse: (text) => parseSpanMs(text), form, context });
}

/** What a socket unit says. */
export function ofSocket({ socket }: { readonly socket: Unit }, ...names: readonly string[]): Asked {
  return { unit: socket, section: 'Socket', names };
}

/** What a service says. */
export function ofService({ service }: { readonly service: Unit }, ...names: readonly string[]): Asked {
  return { unit: service, section: 'Service', names };
}
