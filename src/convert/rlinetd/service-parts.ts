import type { Report } from '../../config/report.ts';
import type { Directive } from './directive.ts';
import { SETTINGS } from './directive-forms.ts';
import type { ServiceParts } from './rlinetd-service.ts';

/** What rlinetd does as often as it is said. */
const REPEATED: ReadonlySet<string> = new Set(['log', 'echo', 'close', 'exit', 'fish']);

export const NO_PARTS: ServiceParts = { settings: new Map(), actions: [] };

/** What only one of counts: limits are told apart by what they limit. */
function keyOf({ name, values }: Directive): string {
  return name.text === 'rlimit' ? `rlimit ${values[0]?.text}` : name.text;
}

function warnOfFirst(first: Directive, second: Directive, report: Report): void {
  const message = `Ignored "${keyOf(first)}": it is set again`;
  const related = [{ at: second.place, message: 'this one counts' }];
  report.add({ code: 'rlinetd/set-twice', at: first.name.place, message, related });
}

/** The parts of a block; of two that cannot both be, the last counts. */
export function partsOf(directives: readonly Directive[], report: Report): ServiceParts {
  const single = new Map<string, Directive>();
  for (const directive of directives) {
    const key = keyOf(directive);
    const first = single.get(key);
    if (first && !REPEATED.has(key)) warnOfFirst(first, directive, report);
    single.set(key, directive);
  }
  const kept = directives.filter((each) => REPEATED.has(each.name.text) || single.get(keyOf(each)) === each);
  return {
    settings: new Map(kept.filter(isSetting).map((directive) => [directive.name.text, directive])),
    actions: kept.filter((directive) => !isSetting(directive)),
  };
}

function isSetting({ name }: Directive): boolean {
  return SETTINGS.has(name.text);
}

/** rlinetd does both, and that of "defaults" last; the manual has it that a service overrides them. */
function warnOfBoth(own: Directive, inherited: Directive, report: Report): void {
  const key = keyOf(own);
  const message = `Ignored "${key}" of "defaults": the service has its own, and rlinetd would do both`;
  const related = [{ at: inherited.name.place, message: 'this one is ignored' }];
  const code = key === 'tcpd' ? 'rlinetd/tcpd' : 'rlinetd/set-twice';
  report.add({ code, at: own.name.place, message, related });
}

/** What a service has in the end: its own first, then what `defaults` has of other kinds. */
export function withDefaults(own: ServiceParts, defaults: ServiceParts, report: Report): ServiceParts {
  const byKey = new Map(own.actions.map((action) => [keyOf(action), action]));
  const others = defaults.actions.filter((inherited) => {
    const key = keyOf(inherited);
    const first = byKey.get(key);
    if (first && !REPEATED.has(key)) warnOfBoth(first, inherited, report);
    return !first;
  });
  return { settings: new Map([...defaults.settings, ...own.settings]), actions: [...own.actions, ...others] };
}
