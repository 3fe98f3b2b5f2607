import type { Rlimit, RlimitName } from '../model/rlimit.ts';
import type { LimitDocument } from './document.ts';
import type { Host } from './host.ts';
import type { LayeredService } from './layer.ts';
import { LIMIT_KINDS, parseLimit } from './limit-value.ts';
import { placeOfSetting } from './place-of.ts';
import type { Report } from './report.ts';
import type { Setting } from './settings.ts';

interface Context {
  readonly host: Host;
  readonly report: Report;
}

function parsePair(name: RlimitName, value: LimitDocument): Rlimit | undefined {
  const { soft, hard } = typeof value === 'object' ? value : { soft: value, hard: value };
  const softValue = parseLimit(soft, LIMIT_KINDS[name]);
  const hardValue = parseLimit(hard, LIMIT_KINDS[name]);
  return softValue === undefined || hardValue === undefined
    ? undefined
    : { name, soft: softValue, hard: hardValue };
}

function ceilingOf(host: Host, name: RlimitName): number {
  return host.hardLimits.get(name) ?? Number.POSITIVE_INFINITY;
}

function show(limit: number): string {
  return Number.isFinite(limit) ? String(limit) : 'unlimited';
}

/**
 * A written limit is taken as it is or refused; a built-in one that the starter's hard limit does not allow
 * is lowered to it.
 */
function resolveLimit(
  service: LayeredService,
  options: Context & { readonly name: RlimitName; readonly setting: Setting<LimitDocument> },
): Rlimit | undefined {
  const { name, setting, report } = options;
  const limit = parsePair(name, setting.value);
  if (!limit) return undefined;
  const ceiling = ceilingOf(options.host, name);
  if (!setting.node)
    return { name, soft: Math.min(limit.soft, ceiling), hard: Math.min(limit.hard, ceiling) };
  const at = placeOfSetting(service, setting);
  const subject = `Cannot use limit "${name}" in service "${service.name}"`;
  if (limit.soft > limit.hard) {
    const message = `${subject}: its soft value ${show(limit.soft)} is above its hard value ${show(limit.hard)}`;
    return void report.add({ code: 'config/rlimit-order', at, message });
  }
  if (limit.hard > ceiling) {
    const message = `${subject}: ${show(limit.hard)} is above the hard limit of the one who starts zinetd, ${show(ceiling)}`;
    return void report.add({ code: 'config/rlimit-too-high', at, message });
  }
  return limit;
}

/** The limits of a handler, in the order of setrlimit(2)'s numbers. */
export function resolveRlimits(service: LayeredService, context: Context): readonly Rlimit[] {
  const limits: Rlimit[] = [];
  for (const [name, setting] of service.rlimits) {
    const limit = resolveLimit(service, { ...context, name, setting });
    if (limit) limits.push(limit);
  }
  return limits;
}
