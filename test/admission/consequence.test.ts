import { describe, expect, test } from 'vitest';
import { type Consequence, consequenceOf } from '../../src/admission/consequence.ts';
import type { LimitPolicy } from '../../src/model/limit-policy.ts';
import { REFUSAL_REASONS, type RefusalReason } from '../../src/model/refusal-reason.ts';
import { servicePolicy } from './example-policy.ts';

const reject: LimitPolicy = { kind: 'reject', text: undefined };

function consequence(reason: RefusalReason, policy: LimitPolicy = reject, denyMs?: number): Consequence {
  const sensor = denyMs === undefined ? {} : { sensor: { denyMs } };
  return consequenceOf(servicePolicy(sensor), { kind: 'refused', reason, policy, trace: [] });
}

const PRICED: Partial<Record<RefusalReason, Consequence>> = {
  address: { outcome: 'refused' },
  libwrap: { outcome: 'refused' },
  certificate: { outcome: 'refused' },
  per_source_rate: { outcome: 'too_fast' },
};

describe('what follows from a refusal', () => {
  test.each(REFUSAL_REASONS)('for %s is a price for what the source did, and for nothing else', (reason) => {
    expect(consequence(reason)).toEqual(PRICED[reason] ?? {});
  });

  test('of a sensor is a ban, unless it only watches', () => {
    expect(consequence('sensor', reject, 60_000)).toEqual({ banMs: 60_000 });
    expect(consequence('sensor', reject, 0)).toEqual({});
  });

  test('of a limit that suspends is that the service rests', () => {
    const suspend: LimitPolicy = { kind: 'suspend', forMs: 5000 };
    expect(consequence('connections_per_second', suspend)).toEqual({ suspendMs: 5000 });
  });
});
