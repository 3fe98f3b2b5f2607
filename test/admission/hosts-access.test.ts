import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type HostsFacts, matchHosts } from '../../src/admission/hosts-access.ts';
import type { PeerName } from '../../src/admission/hosts-pattern.ts';
import { parseHostsAccess } from '../../src/config/hosts-access/parse-hosts-access.ts';
import { parseAddress } from '../../src/model/address.ts';
import type { HostsRules } from '../../src/model/hosts-rules.ts';

function read(table: 'allow' | 'deny', text: string) {
  const lookups = { readPatterns: () => 'lone .corp.example', netgroup: () => ['Host.Example'] };
  const { rules, problems } = parseHostsAccess({ file: `hosts.${table}`, table, text }, lookups);
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  return rules ?? [];
}

function rulesOf(allow: string, deny = 'ALL: ALL\n'): HostsRules {
  return { allow: read('allow', allow), deny: read('deny', deny) };
}

const PENDING: PeerName = { kind: 'pending' };
const UNKNOWN: PeerName = { kind: 'unknown' };
const named = (name: string): PeerName => ({ kind: 'known', name });

function facts(peer: string, peerName: PeerName, others: Partial<HostsFacts> = {}): HostsFacts {
  const peerAddress = parseAddress(peer) ?? new Uint8Array(4);
  return {
    daemon: 'sshd',
    localAddress: Uint8Array.of(10, 7, 7, 7),
    localPort: 22,
    peerAddress,
    peerName,
    ...others,
  };
}

const granted = (rules: HostsRules, given: HostsFacts) => {
  const verdict = matchHosts(rules, given);
  return verdict.kind === 'decided' ? verdict.granted : verdict.kind;
};

describe('rules of hosts.allow and hosts.deny', () => {
  test('the first match in allow grants, else the first in deny refuses, else access is granted', () => {
    const rules = rulesOf('sshd: 10.\n', 'sshd: 10.1. 192.168.\nsshd: ALL: allow\n');
    expect(matchHosts(rules, facts('10.1.1.1', UNKNOWN))).toMatchObject({
      ...{ granted: true, match: { table: 'allow', index: 0, rule: { line: 1, text: 'sshd: 10.' } } },
    });
    expect(matchHosts(rules, facts('192.168.1.1', UNKNOWN))).toMatchObject({
      ...{ granted: false, match: { table: 'deny', index: 0 } },
    });
    expect(matchHosts(rules, facts('172.16.1.1', UNKNOWN))).toMatchObject({
      ...{ granted: true, match: { table: 'deny', index: 1 } },
    });
    expect(matchHosts(rules, facts('10.1.1.1', UNKNOWN, { daemon: 'other' }))).toEqual({
      ...{ kind: 'decided', granted: true, match: undefined },
    });
  });

  test('a name that is still looked up is waited for only where a pattern asks for it', () => {
    const rules = rulesOf('sshd: 10.0.0.1 .example\nother: .example\n');
    expect(granted(rules, facts('10.0.0.1', PENDING))).toBe(true);
    expect(granted(rules, facts('10.0.0.2', PENDING))).toBe('needs-name');
    expect(granted(rules, facts('10.0.0.2', PENDING, { daemon: 'ftpd' }))).toBe(false);
    expect(matchHosts(rules, facts('10.0.0.2', PENDING, { daemon: 'other' }))).toMatchObject({
      ...{ kind: 'needs-name', match: { table: 'allow', index: 1 } },
    });
  });

  test.each(['KNOWN', 'UNKNOWN', 'LOCAL', 'PARANOID', '@group', '/file', 'a*z', 'www.', 'host.example'])(
    '%s asks for the name, also behind EXCEPT and in the deny table',
    (word) => {
      expect(granted(rulesOf(`ALL: ${word}\n`), facts('10.0.0.1', PENDING))).toBe('needs-name');
      expect(granted(rulesOf(`ALL: ALL EXCEPT ${word}\n`), facts('10.0.0.1', PENDING))).toBe('needs-name');
      expect(granted(rulesOf('', `ALL: 10. EXCEPT ${word}\n`), facts('11.0.0.1', PENDING))).toBe(true);
      expect(granted(rulesOf('', `ALL: ${word}\n`), facts('11.0.0.1', PENDING))).toBe('needs-name');
    },
  );

  test('a client without a name matches no rule that names one (S41)', () => {
    const rules = rulesOf('ALL: good.example .example *.example.* LOCAL KNOWN @group /file www.\n');
    for (const kind of ['unknown', 'paranoid'] as const) {
      expect(granted(rules, facts('10.0.0.1', { kind }))).toBe(false);
    }
    expect(granted(rules, facts('10.0.0.1', named('GOOD.example')))).toBe(true);
  });

  test('a name that does not lead back to its address is PARANOID and nothing else (S42)', () => {
    const paranoid: PeerName = { kind: 'paranoid' };
    expect(granted(rulesOf('ALL: PARANOID\n'), facts('10.0.0.1', paranoid))).toBe(true);
    expect(granted(rulesOf('ALL: UNKNOWN KNOWN LOCAL\n'), facts('10.0.0.1', paranoid))).toBe(false);
  });

  test('names are never compared with patterns of addresses, nor addresses with names (S43)', () => {
    const addresses = rulesOf('ALL: 10.0.0. 10.0.0.1 10.0.0.0/24 10.0.*\n');
    for (const name of ['10.0.0.1', '10.0.0.evil.example', '10.0.0']) {
      expect(granted(addresses, facts('192.0.2.1', named(name)))).toBe(false);
    }
    expect(granted(rulesOf('ALL: 10.0.0.1x *.1x x*\n'), facts('10.0.0.1', UNKNOWN))).toBe(false);
  });

  test('rules about clients look at the peer, rules about daemons at our side, whatever both are (S45)', () => {
    const address = fc.uint8Array({ minLength: 4, maxLength: 4 });
    const text = (bytes: Uint8Array) => bytes.join('.');
    fc.assert(
      fc.property(address, address, (peerAddress, localAddress) => {
        fc.pre(text(peerAddress) !== text(localAddress));
        const given = facts('0.0.0.0', UNKNOWN, { peerAddress, localAddress });
        expect(granted(rulesOf(`ALL: ${text(peerAddress)}\n`), given)).toBe(true);
        expect(granted(rulesOf(`ALL: ${text(localAddress)}\n`), given)).toBe(false);
        expect(granted(rulesOf(`ALL@${text(localAddress)}: ALL\n`), given)).toBe(true);
        expect(granted(rulesOf(`ALL@${text(peerAddress)}: ALL\n`), given)).toBe(false);
      }),
    );
  });

  test('matching has no memory: questions in any order have the same answers (S55)', () => {
    const rules = rulesOf('sshd: 10.* *.example.* EXCEPT 10.1.* b*.example.org\nALL: LOCAL\n');
    const questions = ['10.0.0.1', '10.1.0.1', '192.0.2.1'].flatMap((peer) =>
      [UNKNOWN, PENDING, named('a.example.org'), named('b.example.org'), named('lone')].map((name) =>
        facts(peer, name),
      ),
    );
    const answers = questions.map((it) => matchHosts(rules, it));
    const order = fc.shuffledSubarray(
      questions.map((_, index) => index),
      { minLength: questions.length },
    );
    fc.assert(
      fc.property(order, (indices) => {
        for (const index of indices)
          expect(matchHosts(rules, questions[index] ?? facts('', UNKNOWN))).toEqual(answers[index]);
      }),
    );
  });

  test('the interface in the key of a link-local address is not compared', () => {
    const key = parseAddress('fe80::1') ?? new Uint8Array(16);
    key[7] = 3;
    for (const pattern of ['[fe80::1]', '[fe80::]/64', '[fe80::]/10', '[::]/0']) {
      expect(granted(rulesOf(`ALL: ${pattern}\n`), facts('', UNKNOWN, { peerAddress: key }))).toBe(true);
    }
    expect(granted(rulesOf('ALL: [fe80:0:3::1]\n'), facts('', UNKNOWN, { peerAddress: key }))).toBe(false);
  });

  test('IPv4 rules match no IPv6 client, and the other way round (S46)', () => {
    expect(granted(rulesOf('ALL: 0.0.0.0/0.0.0.0 *.*.*.1\n'), facts('::1', UNKNOWN))).toBe(false);
    expect(granted(rulesOf('ALL: [::]/0\n'), facts('10.0.0.1', UNKNOWN))).toBe(false);
  });
});
