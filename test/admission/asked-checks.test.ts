import { describe, expect, test } from 'vitest';
import type { Check } from '../../src/admission/check.ts';
import { accessTimesCheck } from '../../src/admission/checks/access-times.ts';
import { certificateCheck } from '../../src/admission/checks/certificate.ts';
import { idOnlyCheck } from '../../src/admission/checks/id-only.ts';
import { maxProcessesCheck } from '../../src/admission/checks/max-processes.ts';
import { CHECKS } from '../../src/admission/checks.ts';
import type { Facts } from '../../src/admission/facts.ts';
import { prepareService } from '../../src/admission/prepared.ts';
import type { ServicePolicy } from '../../src/model/policy.ts';
import { arrivalFrom, facts } from './example-facts.ts';
import { prepared, servicePolicy } from './example-policy.ts';

const arrival = arrivalFrom('192.0.2.7');
const rule = { key: 'sha256:aa', text: 'sha256:aa' };

function ofCertificate(certificate: Facts['certificate']) {
  const tls = { clients: [rule] } as unknown as NonNullable<ServicePolicy['tls']>;
  return certificateCheck.check({ service: prepared({ tls }), arrival, facts: facts({ certificate }) });
}

describe('the certificate of a client', () => {
  test('is nothing to speak of before anybody was asked, and is waited for', () => {
    expect(ofCertificate({ kind: 'unseen' })).toBeUndefined();
    expect(ofCertificate({ kind: 'pending' })).toEqual({ need: 'certificate' });
  });

  test('that is not there or is none of those that are served is told of by what it says', () => {
    expect(ofCertificate({ kind: 'none' })).toMatchObject({ outcome: { passed: false, note: 'none' } });
    const shown = { kind: 'shown' as const, keys: ['sha256:bb'] };
    expect(ofCertificate({ ...shown, subject: 'CN=bob' })).toMatchObject({
      outcome: { passed: false, note: 'CN=bob' },
    });
    expect(ofCertificate({ ...shown, subject: '' })).toMatchObject({ outcome: { note: 'sha256:bb' } });
  });

  test('that is not asked for in the configuration is none of those that are served', () => {
    const certificate = { kind: 'shown' as const, keys: ['sha256:bb'], subject: 'CN=bob' };
    const answer = certificateCheck.check({ service: prepared(), arrival, facts: facts({ certificate }) });
    expect(answer).toMatchObject({ outcome: { passed: false, note: 'CN=bob' } });
  });

  test('that is one of them passes by its rule', () => {
    const answer = ofCertificate({ kind: 'shown', keys: ['sha256:bb', rule.key], subject: 'CN=ann' });
    expect(answer).toMatchObject({ outcome: { passed: true, rule } });
  });
});

test('id_only waits for the answer, takes any user, and says why there is none', () => {
  const answer = (ident: Facts['ident']) =>
    idOnlyCheck.check({ service: prepared({ isIdOnly: true }), arrival, facts: facts({ ident }) });
  expect(answer({ kind: 'pending' })).toEqual({ need: 'ident' });
  expect(answer({ kind: 'user', system: 'UNIX', user: 'ann' })).toMatchObject({ outcome: { passed: true } });
  expect(answer({ kind: 'unknown', why: 'timeout' })).toMatchObject({ outcome: { passed: false } });
});

test('max_processes gives one source half of them at the most, and all together no more than there are', () => {
  const service = prepareService(servicePolicy(), { soft: 4, hard: 4, dropPercent: 100 });
  const answer = (changes: Partial<Facts>) =>
    maxProcessesCheck.check({ service, arrival, facts: facts(changes) });
  expect(answer({ processes: 3, sourceProcesses: 1 })).toMatchObject({ outcome: { passed: true } });
  expect(answer({ processes: 4, sourceProcesses: 1 })).toMatchObject({
    outcome: { passed: false, count: 4 },
  });
  expect(answer({ processes: 2, sourceProcesses: 2 })).toMatchObject({
    outcome: { passed: false, limit: 2, note: 'of_one_source' },
  });
});

test('access_times says when who comes too early may come again', () => {
  const times = { windows: [{ days: 0b111_1111, fromMinute: 780, toMinute: 840 }], timeZone: 'UTC' };
  const answer = (wallMs: number, service = prepared({ times })) =>
    accessTimesCheck.check({ service, arrival, facts: facts({ wallMs }) });
  const noon = Date.UTC(2026, 0, 9, 12);
  expect(answer(noon)).toMatchObject({ outcome: { passed: false, retryMs: 3_600_000 } });
  expect(answer(noon + 3_600_000)).toMatchObject({ outcome: { passed: true, retryMs: undefined } });
  const never = prepared({ times: { windows: [], timeZone: 'UTC' } });
  expect(answer(noon, never)).toMatchObject({ outcome: { passed: false, retryMs: undefined } });
});

/** Of a service that has them; the others say no by themselves. */
const LIMITS: readonly Check['name'][] = [
  ...(['access', 'hosts_access', 'access_times', 'max_load', 'rate_per_source'] as const),
  ...(['per_source', 'cps', 'max_processes'] as const),
];

test.each(LIMITS)('%s holds up nobody at a service that does not have it', (name) => {
  const [check] = CHECKS.filter((each) => each.name === name);
  const service = prepared();
  const busy = { load: 1e9, sourceRunning: 1e9, processes: 1e9, sourceProcesses: 1e9, serviceArrival: 1e12 };
  expect(check?.applies(service)).toBe(false);
  expect(check?.check({ service, arrival, facts: facts(busy) })).toMatchObject({ outcome: { passed: true } });
});
