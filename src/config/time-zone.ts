import { didYouMean } from './nearest.ts';
import { quote } from './quote.ts';

/** Why the text is no time zone that this machine can reckon with. */
export interface TimeZoneFault {
  readonly reason: string;
  readonly help: string | undefined;
}

/** `+02:00` is a zone to some releases of Node only. */
const NAME = /^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+)*$/;
const MOST_TEXT = 64;

function isKnown(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name }).format(0) !== '';
  } catch {
    return false;
  }
}

/** What is wrong with a name of the IANA database, if anything. */
export function timeZoneFault(name: string): TimeZoneFault | undefined {
  if (name.length <= MOST_TEXT && NAME.test(name) && isKnown(name)) return undefined;
  const help = didYouMean(name, Intl.supportedValuesOf('timeZone'));
  return {
    reason: `${quote(name)} is no time zone`,
    help: help ?? 'write a name of the IANA database, such as "Europe/Berlin" or "UTC"',
  };
}

/** The zone of this machine, or undefined where it has none with a name. */
export function hostTimeZone(): string | undefined {
  const name = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  return name !== undefined && timeZoneFault(name) === undefined ? name : undefined;
}
