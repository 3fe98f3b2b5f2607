import { didYouMean } from '../../config/nearest.ts';
import type { Report } from '../../config/report.ts';
import { keepsValue } from './keeps-value.ts';
import type { Pair } from './pair.ts';
import type { Rule, Rules } from './rule.ts';
import { SERVICE_RULES } from './service-rules.ts';
import { OF_COMMANDS, SOCKET_RULES } from './socket-rules.ts';
import { placeOfValue, type Setting, type Unit } from './unit.ts';

/** Settings that add up; of all others the last one counts. */
const LISTED = /^(Exec|Condition|Assert|Bind|Device|Inaccessible|Temporary|Load|Set|Mount)/;

/** The settings of a section that are in force, by name. */
function effective(unit: Unit, section: string): ReadonlyMap<string, readonly Setting[]> {
  const byName = new Map<string, Setting[]>();
  for (const setting of unit.settings.filter((each) => each.section === section)) {
    const isKept = keepsValue(setting.name) && setting.value === '';
    const isReset = !isKept && (setting.value === '' || !LISTED.test(setting.name));
    const before = isReset ? [] : (byName.get(setting.name) ?? []);
    // An entry that was set to nothing still is a name to know.
    before.push(setting);
    byName.set(setting.name, before);
  }
  return byName;
}

/** A line that systemd complains of, and goes on as if it were not there. */
function isEmpty({ name, value, place }: Setting, report: Report): boolean {
  if (value === '' && keepsValue(name)) {
    const message = `Ignored "${name}=", as systemd does: it needs a value, and what was said before stays`;
    report.add({ code: 'systemd/ignored', at: place, message });
  }
  return value === '';
}

function applyRule(setting: Setting, { kind, why, unless }: Rule, report: Report): void {
  if (isEmpty(setting, report) || unless?.test(setting.value)) return;
  const at = placeOfValue(setting);
  const subject = `"${setting.name}=${setting.value.slice(0, 60)}"`;
  if (kind === 'lost') {
    report.add({ code: 'systemd/no-counterpart', at, message: `Left out ${subject}: ${why}` });
  }
  if (kind === 'refused') {
    report.add({ code: 'systemd/not-supported', at, message: `Cannot have ${subject}: ${why}` });
  }
}

function checkUnknown(setting: Setting, rules: Rules, report: Report): void {
  if (setting.name.startsWith('X-')) return;
  const isForCommands = setting.section === 'Socket' && SERVICE_RULES.has(setting.name);
  const reason = isForCommands ? OF_COMMANDS : `systemd has no such setting in [${setting.section}]`;
  const help = isForCommands ? undefined : didYouMean(setting.name, rules.keys());
  const code = isForCommands ? 'systemd/ignored' : 'systemd/unknown';
  report.add({ code, at: setting.place, message: `Ignored "${setting.name}=": ${reason}`, help });
}

function checkSection(
  unit: Unit,
  { section, rules, report }: { section: string; rules: Rules; report: Report },
): void {
  for (const [name, settings] of effective(unit, section)) {
    const rule = rules.get(name);
    for (const setting of settings) {
      if (rule) applyRule(setting, rule, report);
      else checkUnknown(setting, rules, report);
    }
  }
}

/** What hangs on the state of the machine when the unit is started. */
function checkConditions(unit: Unit, report: Report): void {
  for (const [name, settings] of effective(unit, 'Unit')) {
    if (!/^(Condition|Assert)/.test(name)) continue;
    for (const setting of settings.filter(({ value }) => value !== '')) {
      const message = `Left out "${name}=${setting.value.slice(0, 60)}": zinetd listens in any case`;
      const help = 'write "enabled: false" where it does not hold';
      report.add({ code: 'systemd/condition', at: placeOfValue(setting), message, help });
    }
  }
}

/** Says of each setting that becomes nothing why that is. */
export function checkSettings({ socket, service }: Pair, report: Report): void {
  checkSection(socket, { section: 'Socket', rules: SOCKET_RULES, report });
  checkSection(service, { section: 'Service', rules: SERVICE_RULES, report });
  for (const unit of [socket, service]) checkConditions(unit, report);
}
