import { expect, test } from 'vitest';
import { describeWith } from '../harness/describe-with.ts';
import { startNameServer } from './name-services.ts';
import { startResolver } from './start-resolver.ts';

const LONG = `${'x'.repeat(63)}.${'x'.repeat(63)}.${'x'.repeat(63)}.${'y'.repeat(61)}`;

/** What the name server says of each address (lying-dns.py), and what must come of it. */
const CASES: readonly [address: string, what: string, expected: unknown][] = [
  ['10.0.0.1', 'a name that leads back', { kind: 'known', name: 'good.example' }],
  ['2001:db8::1', 'a name that leads back over IPv6', { kind: 'known', name: 'six.example' }],
  ['10.0.1.1', 'a line of /etc/hosts', { kind: 'known', name: 'hosts.example' }],
  ['10.0.0.12', 'mixed case and a trailing dot', { kind: 'known', name: 'good.example12' }],
  ['10.0.0.10', 'a thousand addresses, the right one last', { kind: 'known', name: 'many.example' }],
  ['10.0.0.22', 'a name that is an alias', { kind: 'known', name: 'alias.example' }],
  ['10.0.0.27', 'an international name', { kind: 'known', name: 'xn--bcher-kva.example' }],
  ['10.0.0.2', 'NXDOMAIN', { kind: 'unknown', why: 'none' }],
  ['10.0.0.3', 'SERVFAIL', { kind: 'unknown', why: 'failed' }],
  ['10.0.0.4', 'silence', { kind: 'unknown', why: 'failed' }],
  ['10.0.0.5', 'an empty answer', { kind: 'unknown', why: 'none' }],
  ['10.0.0.6', 'a huge answer', expect.objectContaining({ kind: expect.stringMatching(/paranoid|unknown/) })],
  ['10.0.0.7', 'garbage', expect.objectContaining({ kind: 'unknown' })],
  ['10.0.0.8', 'a name that does not exist', { kind: 'paranoid', name: 'nobody.example' }],
  ['10.0.0.9', 'a name of somebody else', { kind: 'paranoid', name: 'good.example' }],
  ['2001:db8::2', 'a name that has other addresses only', { kind: 'paranoid', name: 'four.example' }],
  ['10.0.0.25', 'a name whose address is mapped into IPv6', { kind: 'paranoid', name: 'mapped.example' }],
  ['10.0.0.11', 'a loop of aliases', expect.objectContaining({ kind: 'unknown' })],
  ['10.0.0.21', 'a name that is a loop of aliases', expect.not.objectContaining({ kind: 'known' })],
  ['10.0.0.13', 'a name that begins like an address', { kind: 'known', name: '10.0.0.1.evil.example' }],
  ['10.0.0.14', 'a name that is an address', { kind: 'paranoid', name: '10.0.0.1' }],
  ['10.0.0.29', 'the very address as a name', { kind: 'paranoid', name: '10.0.0.29' }],
  ['10.0.0.26', 'a name that is an address of IPv6', expect.objectContaining({ kind: 'unknown' })],
  ['10.0.0.28', 'a name that ends like an address', { kind: 'paranoid', name: 'host.0x7f' }],
  ['10.0.0.15', 'a name that is an option', expect.objectContaining({ kind: 'unknown' })],
  ['10.0.0.16', 'a function of a shell', expect.objectContaining({ kind: 'unknown' })],
  ['10.0.0.17', 'a substitution of a shell', expect.objectContaining({ kind: 'unknown' })],
  ['10.0.0.18', 'a line feed and a NUL', expect.objectContaining({ kind: 'unknown' })],
  ['10.0.0.19', 'bytes that are no text', expect.objectContaining({ kind: 'unknown' })],
  ['10.0.0.20', 'a name of full length', { kind: 'paranoid', name: LONG }],
  ['10.0.0.23', 'a name without a domain, which a search would find', { kind: 'paranoid', name: 'single' }],
  ['10.0.0.24', 'a name that only a search would find', { kind: 'paranoid', name: 'relative.example' }],
  ['fe80::1', 'nothing: it is of a link', { kind: 'unknown', why: 'none' }],
];

describeWith('the resolver, with a name server that lies', { needs: ['root', 'a network namespace'] }, () => {
  test('knows a name only when it leads back to the very address (S30, S41, S42, S43)', async () => {
    const run = await startResolver();
    await startNameServer(run);
    const answers = await Promise.all(CASES.map(([address]) => run.nameOf(address)));
    const seen = CASES.map(([address, what], at) => [address, what, answers[at]]);
    expect(seen).toEqual(CASES);
  });

  test('asks once for the many who want to know at the same time, and for those who come later', async () => {
    const run = await startResolver();
    const { log } = await startNameServer(run);
    const many = Array.from({ length: 100 }, () => run.nameOf('10.0.0.1'));
    expect(new Set((await Promise.all(many)).map((it) => JSON.stringify(it)))).toEqual(
      new Set(['{"kind":"known","name":"good.example"}']),
    );
    await run.nameOf('10.0.0.1');
    expect(log.filter((line) => line === '1.0.0.10.in-addr.arpa 12')).toHaveLength(1);
  });
});
