import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { admit, CHECKS } from '../../src/admission/admit.ts';
import type { ServicePolicy } from '../../src/model/policy.ts';

const policy = (instances: number): ServicePolicy => ({ name: 'echo', instances, listeners: [] });

describe('admission', () => {
  test('admits exactly while fewer handlers run than the service may have', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 65535 }), fc.nat({ max: 70000 }), (instances, running) => {
        expect(admit(policy(instances), { running }).admitted).toBe(running < instances);
      }),
    );
  });

  test('says which check refused, by which figures, in the word that xinetd logs (promise 3)', () => {
    expect(admit(policy(2), { running: 2 })).toEqual({
      admitted: false,
      reason: 'service_limit',
      trace: [{ check: 'instances', passed: false, detail: '2 of 2 running' }],
    });
  });

  test('shows every check that was asked when it admits', () => {
    expect(admit(policy(2), { running: 0 }).trace.map(({ check }) => check)).toEqual(
      CHECKS.map(({ name }) => name),
    );
  });
});
