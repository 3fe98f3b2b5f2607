import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import type { TlsCertificate } from '../../src/model/tls-policy.ts';
import { TlsContexts } from '../../src/relay/tls-contexts.ts';
import { makePair } from '../harness/certificates.ts';
import { scratch } from '../harness/scratch.ts';
import { tlsPolicyOf } from './tls-policy-of.ts';

let good: TlsCertificate;

beforeAll(() => {
  const { certificate, key } = makePair(scratch('contexts'), { name: 'localhost' });
  good = { certificate: readFileSync(certificate, 'latin1'), key: readFileSync(key, 'latin1') };
});

test('a certificate is made ready for the first client that wants it, so that a thousand hold up nobody (B7)', () => {
  const bad = { certificate: 'none', key: 'none' };
  const contexts = new TlsContexts(
    tlsPolicyOf(good, { 'a.example': good, '*.b.example': good, 'bad.example': bad }),
  );
  const a = contexts.of('A.example');
  expect(a).not.toBe(contexts.first);
  expect(contexts.of('a.example')).toBe(a);
  expect(contexts.of('x.b.example')).toBe(contexts.of('y.b.example'));
  for (const host of ['b.example', 'x.y.b.example', 'example', ''])
    expect(contexts.of(host)).toBe(contexts.first);
  expect(() => contexts.of('bad.example')).toThrow();
});

test('the first is tried at once, and what OpenSSL has against it is thrown', () => {
  expect(
    () => new TlsContexts({ ...tlsPolicyOf(good), first: { certificate: 'none', key: 'none' } }),
  ).toThrow();
});
