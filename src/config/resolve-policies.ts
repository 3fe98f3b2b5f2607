import { CHECK_NAMES, type CheckName } from '../model/check-name.ts';
import type { LimitPolicy } from '../model/limit-policy.ts';
import type { RefusalTemplate } from '../model/refusal-text.ts';
import type { PolicyDocument } from './document.ts';
import type { LayeredService } from './layer.ts';
import { placeOfSetting } from './place-of.ts';
import { parseRefusalTemplate } from './refusal-template.ts';
import type { Report } from './report.ts';
import { durationMs } from './resolve-limits.ts';

/** As xinetd's `cps` has it. */
const CPS_WAIT = '10s';
const REJECT: LimitPolicy = { kind: 'reject', text: undefined };

/** A text that validation has accepted. */
function templateOf(text: string | undefined): RefusalTemplate | undefined {
  const template = text === undefined ? undefined : parseRefusalTemplate(text);
  return template && 'reason' in template ? undefined : template;
}

function policyOf(written: PolicyDocument): LimitPolicy {
  if (written === 'reject') return REJECT;
  if (written === 'queue') return { kind: 'queue' };
  if ('reject' in written) return { kind: 'reject', text: templateOf(written.reject.text) };
  if ('suspend' in written) return { kind: 'suspend', forMs: durationMs(written.suspend.for) };
  const { bytes_per_second: bytesPerSecond, slots, text } = written.tarpit;
  return { kind: 'tarpit', bytesPerSecond, slots, text: templateOf(text) };
}

/** The wait of `cps` is how long to suspend, so that both together say the same thing twice. */
function checkCpsWait(service: LayeredService, report: Report): void {
  const { cps, policies } = service.settings;
  if (cps?.value.wait === undefined || policies?.value.cps === undefined) return;
  report.add({
    code: 'config/conflict',
    at: placeOfSetting(service, policies),
    message: `Cannot use "policies.cps" together with "cps.wait" in service "${service.name}"`,
    help: 'the wait is how long the service is suspended: leave one of them out',
  });
}

/** What to do with a connection that a check refuses, for every check. */
export function resolvePolicies(
  service: LayeredService,
  report: Report,
): Readonly<Record<CheckName, LimitPolicy>> {
  const { cps, policies } = service.settings;
  checkCpsWait(service, report);
  const entries = CHECK_NAMES.map((name): [CheckName, LimitPolicy] => {
    const written = policies?.value[name];
    if (written !== undefined) return [name, policyOf(written)];
    if (name !== 'cps') return [name, REJECT];
    return [name, { kind: 'suspend', forMs: durationMs(cps?.value.wait ?? CPS_WAIT) }];
  });
  return Object.fromEntries(entries) as Record<CheckName, LimitPolicy>;
}
