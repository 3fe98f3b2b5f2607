import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { admit } from '../../src/admission/admit.ts';
import { CHECKS } from '../../src/admission/checks.ts';
import { checksOf } from '../../src/admission/checks-of.ts';
import type { Facts } from '../../src/admission/facts.ts';
import { CHECK_NAMES } from '../../src/model/check-name.ts';
import { describeOutcome } from '../../src/model/describe-outcome.ts';
import type { ServicePolicy } from '../../src/model/policy.ts';
import type { Verdict } from '../../src/model/verdict.ts';
import { arrivalFrom, facts } from './example-facts.ts';
import { prepared } from './example-policy.ts';

function verdict(policy: Partial<ServicePolicy>, changes: Partial<Facts> = {}): Verdict {
  const service = prepared(policy);
  return admit(checksOf(service), { service, arrival: arrivalFrom('192.0.2.7'), facts: facts(changes) });
}

const cap = (hard: number) => ({ soft: hard, hard, dropPercent: 100 });

/** Rules of every kind that need nobody outside, all of them satisfied. */
const everything: Partial<ServicePolicy> = {
  maxLoad: 8,
  ratePerSource: { count: 2, perMs: 1000, burst: 2 },
  perSource: 3,
  cps: { count: 10, perMs: 1000, burst: 10 },
};

describe('admission', () => {
  test('asks the checks in the order of the design: identity first, counters last (DESIGN §6)', () => {
    expect(CHECKS.map(({ name }) => name)).toEqual(CHECK_NAMES);
  });

  test('admits exactly while fewer handlers run than the service may have', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 65535 }), fc.nat({ max: 70000 }), (instances, running) => {
        const { kind } = verdict({ instances: cap(instances) }, { running });
        expect(kind).toBe(running < instances ? 'admitted' : 'refused');
      }),
    );
  });

  test('says which check refused, by which figures, in the word that xinetd logs (promise 3)', () => {
    const refused = verdict({ instances: cap(2) }, { running: 2 });
    expect(refused).toMatchObject({
      kind: 'refused',
      reason: 'service_limit',
      policy: { kind: 'reject' },
      trace: [
        { check: 'ban', passed: true },
        { check: 'instances', passed: false, count: 2, limit: 2 },
      ],
    });
    expect(refused.trace.map(describeOutcome)).toEqual(['not banned', '2 of 2 running']);
  });

  test('shows every check that the service has when it admits', () => {
    expect(verdict(everything).trace.map(({ check }) => check)).toEqual([
      ...['ban', 'max_load', 'rate_per_source', 'per_source', 'cps', 'instances'],
    ]);
  });

  test.each([
    ['banned', { ban: { remainingMs: 5000, reason: 'crash' } }],
    ['load', { load: 8 }],
    ['per_source_rate', { sourceArrival: 1_000_000 + 501 }],
    ['per_source_limit', { sourceRunning: 3 }],
    ['connections_per_second', { serviceArrival: 1_000_000 + 901 }],
    ['service_limit', { running: 50 }],
  ] as const)('refuses for the reason %s, and for no other', (reason, changes) => {
    expect(verdict(everything).kind).toBe('admitted');
    expect(verdict(everything, changes)).toMatchObject({ kind: 'refused', reason });
  });

  test('the first check that says no is the last one that is asked', () => {
    const { trace } = verdict(everything, { load: 9, running: 50 });
    expect(trace.at(-1)).toMatchObject({ check: 'max_load', passed: false });
  });

  test('between soft and hard the dice decide, with the share of MaxStartups', () => {
    const instances = { soft: 10, hard: 100, dropPercent: 30 };
    const at = (running: number, roll: number) => verdict({ instances }, { running, roll }).kind;
    expect([at(9, 0), at(10, 0.29), at(10, 0.3), at(55, 0.64), at(55, 0.66), at(100, 0.999)]).toEqual([
      ...['admitted', 'refused', 'admitted', 'refused', 'admitted', 'refused'],
    ]);
  });

  test('is pure: the same question has the same answer, whatever was asked in between (S55)', () => {
    const first = verdict(everything, { running: 50 });
    verdict(everything);
    expect(verdict(everything, { running: 50 })).toEqual(first);
  });

  test('waits for a decision that it needs, and fails as the configuration says when none comes', () => {
    const decide = {
      asks: { socket: '/run/decide' },
      deadlineMs: 1000,
      onFailure: 'refuse',
      cacheMs: 0,
    } as const;
    expect(verdict({ decide })).toMatchObject({ kind: 'undecided', need: 'decision' });
    const late = { decision: { kind: 'undecided', why: 'timeout' } } as const;
    expect(verdict({ decide }, late)).toMatchObject({ kind: 'refused', reason: 'decision' });
    expect(verdict({ decide: { ...decide, onFailure: 'allow' } }, late).kind).toBe('admitted');
    const denied = { decision: { kind: 'denied', reason: 'not today' } } as const;
    expect(verdict({ decide: { ...decide, onFailure: 'allow' } }, denied).kind).toBe('refused');
  });
});
