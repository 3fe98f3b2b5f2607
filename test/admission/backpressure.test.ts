import { describe, expect, test } from 'vitest';
import { canHold, holdsOf } from '../../src/admission/backpressure.ts';
import type { Facts } from '../../src/admission/facts.ts';
import { prepareService } from '../../src/admission/prepared.ts';
import type { CheckName } from '../../src/model/check-name.ts';
import type { LimitPolicy } from '../../src/model/limit-policy.ts';
import type { ServicePolicy } from '../../src/model/policy.ts';
import { facts } from './example-facts.ts';
import { ALL_REJECT, servicePolicy } from './example-policy.ts';

const queue: LimitPolicy = { kind: 'queue' };
const noon = Date.UTC(2026, 0, 9, 12);

function queueing(check: CheckName, changes: Partial<ServicePolicy>) {
  const policy = servicePolicy({ ...changes, policies: { ...ALL_REJECT, [check]: queue } });
  return prepareService(policy, { soft: 3, hard: 3, dropPercent: 100 });
}

describe('a limit with the policy queue', () => {
  const cap = { soft: 2, hard: 2, dropPercent: 100 };
  const cps = { count: 1, perMs: 1000, burst: 1 };

  test.each<[CheckName, Partial<ServicePolicy>, Partial<Facts>, number | undefined]>([
    ['max_load', { maxLoad: 4 }, { load: 4 }, 1000],
    ['cps', { cps }, { serviceArrival: 1_000_250, nowMs: 1_000_000 }, 250],
    ['instances', { instances: cap }, { running: 2 }, undefined],
    ['max_processes', {}, { processes: 3 }, undefined],
  ])('%s holds the service while it is reached, and no longer', (check, changes, reached, untilMs) => {
    const service = queueing(check, changes);
    expect(canHold(service)).toBe(true);
    expect(holdsOf(service, facts(reached))).toEqual([{ check, untilMs }]);
    expect(holdsOf(service, facts())).toEqual([]);
  });

  test('that a service does not have never holds it', () => {
    for (const check of ['max_load', 'cps'] as const) {
      expect(holdsOf(queueing(check, {}), facts({ load: 100 }))).toEqual([]);
    }
    const unlimited = { ...queueing('max_processes', {}), maxProcesses: undefined };
    expect(holdsOf(unlimited, facts({ processes: 1000 }))).toEqual([]);
  });

  test('is told of by no other policy', () => {
    const service = queueing('sensor', { instances: cap });
    expect(canHold(service)).toBe(false);
    expect(holdsOf(service, facts({ running: 2 }))).toEqual([]);
  });

  test('on access times holds while no window is open, and is looked at again twice a second and as a minute begins (S90)', () => {
    const times = { isOpen: (at: number) => at < noon, opensAtMs: () => undefined };
    const service = { ...queueing('access_times', {}), times };
    const untilMs = (wallMs: number) => holdsOf(service, facts({ wallMs }))[0]?.untilMs;
    expect(untilMs(noon)).toBe(500);
    expect(untilMs(noon + 59_900)).toBe(100);
    expect(untilMs(noon - 1)).toBeUndefined();
    expect(holdsOf(queueing('access_times', {}), facts({ wallMs: noon }))).toEqual([]);
  });
});
