import type { Cap } from '../model/cap.ts';
import { InvariantError } from '../model/errors.ts';
import type { Penalties } from '../model/penalties.ts';
import { parseDurationMs } from '../model/quantity.ts';
import type { Rate } from '../model/rate.ts';
import { UNLIMITED_INSTANCES } from '../model/unlimited-instances.ts';
import type { CapDocument, DurationText } from './document.ts';
import type { LayeredService } from './layer.ts';
import { placeOfSetting } from './place-of.ts';
import type { Report } from './report.ts';

const SECOND_MS = 1000;
/** As OpenSSH's PerSourcePenalties have them. */
const THRESHOLD = '15s';
const MOST_PENALTY = '10m';

/** A duration that validation has accepted. */
export function durationMs(text: DurationText): number {
  const value = parseDurationMs(text);
  if (value === undefined) throw new InvariantError(`Cannot read the duration "${text}"`);
  return value;
}

/** A plain limit is one whose soft and hard are the same. */
export function capOf(written: number | CapDocument): Cap {
  if (typeof written === 'number') return { soft: written, hard: written, dropPercent: 100 };
  return { soft: written.soft, hard: written.hard, dropPercent: written.drop ?? 0 };
}

export function resolveInstances(service: LayeredService, report: Report): Cap {
  const { instances } = service.settings;
  const written = instances?.value;
  if (written === undefined) return capOf(1);
  if (typeof written !== 'string') return capOf(written);
  report.add({
    code: 'config/unlimited-instances',
    at: placeOfSetting(service, instances),
    // Without the name: whatever many services have from one place is told once.
    message: 'Nothing limits "instances" here: clients can use up the machine',
    help: 'write a number',
  });
  return capOf(UNLIMITED_INSTANCES);
}

/** One source may use half of what is everybody's, and always one, unless the configuration says otherwise. */
export function half(limit: number): number {
  return Math.max(1, Math.floor(limit / 2));
}

function warnUnlimited(
  service: LayeredService,
  options: { report: Report; name: 'per_source' | 'rate_per_source' },
): void {
  const { report, name } = options;
  report.add({
    code: 'config/unlimited-source',
    at: placeOfSetting(service, service.settings[name]),
    message: `Nothing limits "${name}" here: one source can take a service away from all others`,
    help: `write a number of "${name}"`,
  });
}

/** Undefined: no limit for one source. */
export function resolvePerSource(
  service: LayeredService,
  options: { readonly report: Report; readonly instances: Cap },
): number | undefined {
  const written = service.settings.per_source?.value;
  if (typeof written === 'number') return written;
  if (written !== undefined) {
    warnUnlimited(service, { report: options.report, name: 'per_source' });
    return undefined;
  }
  // Whoever sent the first datagram has not got the handler for himself.
  if (service.settings.wait?.value === true) return undefined;
  const { hard } = options.instances;
  return hard === UNLIMITED_INSTANCES ? undefined : half(hard);
}

export function resolveCps(service: LayeredService): Rate | undefined {
  const cps = service.settings.cps?.value;
  return (
    cps && {
      count: cps.rate,
      perMs: cps.per === undefined ? SECOND_MS : durationMs(cps.per),
      burst: cps.rate,
    }
  );
}

/** Undefined: no limit for one source. */
export function resolveRatePerSource(
  service: LayeredService,
  options: { readonly report: Report; readonly cps: Rate | undefined },
): Rate | undefined {
  const written = service.settings.rate_per_source?.value;
  if (typeof written === 'object') {
    return { count: written.count, perMs: durationMs(written.per), burst: written.burst ?? written.count };
  }
  if (written !== undefined) {
    warnUnlimited(service, { report: options.report, name: 'rate_per_source' });
    return undefined;
  }
  const { cps } = options;
  return cps && { count: half(cps.count), perMs: cps.perMs, burst: half(cps.burst) };
}

/** What is not named has no price. */
export function resolvePenalties(service: LayeredService): Penalties | undefined {
  const written = service.settings.penalties?.value;
  if (!written) return undefined;
  const price = (text: DurationText | undefined): number => (text === undefined ? 0 : durationMs(text));
  return {
    crashMs: price(written.crash),
    refusedMs: price(written.refused),
    tooFastMs: price(written.too_fast),
    timeLimitMs: price(written.time_limit),
    exitStatus: (written.exit_status ?? []).map(({ status, penalty }) => ({
      status,
      penaltyMs: durationMs(penalty),
    })),
    thresholdMs: durationMs(written.threshold ?? THRESHOLD),
    maxMs: durationMs(written.max ?? MOST_PENALTY),
  };
}
