import { describe, expect, test } from 'vitest';
import { admit } from '../../src/admission/admit.ts';
import { checksOf } from '../../src/admission/checks-of.ts';
import type { NameFact } from '../../src/admission/facts.ts';
import { parseHostsAccess } from '../../src/config/hosts-access/parse-hosts-access.ts';
import { UNKNOWN_REASONS } from '../../src/model/host-name.ts';
import type { HostsOutcome } from '../../src/model/policy.ts';
import type { Verdict } from '../../src/model/verdict.ts';
import { arrivalFrom, facts } from './example-facts.ts';
import { prepared } from './example-policy.ts';

const PLAIN: HostsOutcome = { variant: 0, text: undefined, severity: undefined };

function rulesOf(table: 'allow' | 'deny', text: string) {
  const lookups = { readPatterns: () => '', netgroup: () => [] };
  return parseHostsAccess({ file: `hosts.${table}`, table, text }, lookups).rules ?? [];
}

interface Tables {
  readonly allow?: string;
  readonly deny?: string;
  /** Of the first rule of each table. */
  readonly outcome?: Partial<HostsOutcome>;
}

function verdict({ allow = '', deny = '', outcome }: Tables, name: NameFact = { kind: 'pending' }): Verdict {
  const rules = { allow: rulesOf('allow', allow), deny: rulesOf('deny', deny) };
  const first = [{ ...PLAIN, ...outcome }];
  const service = prepared({ hosts: { daemon: 'ftpd', rules, outcomes: { allow: first, deny: first } } });
  return admit(checksOf(service), { service, arrival: arrivalFrom('192.0.2.7'), facts: facts({ name }) });
}

function outcomeOf({ trace }: Verdict) {
  return trace.find(({ check }) => check === 'hosts_access');
}

describe('hosts_access(5) of a service', () => {
  test('grants where no rule matches, and names the rule where one does', () => {
    const free = verdict({ deny: 'ftpd: 198.51.100.\n' });
    expect([free.kind, outcomeOf(free)]).toEqual(['admitted', { check: 'hosts_access', passed: true }]);
    const refused = verdict({ deny: 'ftpd: 192.0.2.\n', outcome: { severity: 'warning' } });
    expect(refused).toMatchObject({ kind: 'refused', reason: 'libwrap', policy: { text: undefined } });
    expect(outcomeOf(refused)).toMatchObject({
      ...{ passed: false, severity: 'warning', rule: { file: 'hosts.deny', line: 1 } },
    });
  });

  test('chooses the form of the service, and says what the rule has for the client', () => {
    const outcome = { variant: 2, text: ['welcome'] };
    expect(verdict({ allow: 'ftpd: ALL\n', outcome })).toMatchObject({ kind: 'admitted', ...outcome });
    expect(verdict({ deny: 'ftpd: ALL\n', outcome: { text: ['go away'] } })).toMatchObject({
      policy: { kind: 'reject', text: ['go away'] },
    });
  });

  test('waits for the name that a rule asks for', () => {
    expect(verdict({ deny: 'ftpd: .example\n' })).toMatchObject({ kind: 'undecided', need: 'name' });
    const named: NameFact = { kind: 'known', name: 'a.example' };
    expect(verdict({ deny: 'ftpd: .example\n' }, named)).toMatchObject({ reason: 'libwrap' });
  });

  test.each(UNKNOWN_REASONS.filter((why) => why !== 'none'))(
    'takes nobody whose name could not be looked up (%s) for somebody without one (S41)',
    (why) => {
      const refused = verdict(
        { allow: 'ftpd: UNKNOWN\n', deny: 'ALL: .example\n' },
        { kind: 'unknown', why },
      );
      expect(refused).toMatchObject({ kind: 'refused', reason: 'name_lookup' });
      expect(outcomeOf(refused)).toMatchObject({ passed: false, note: `name_${why}` });
    },
  );

  test('has a rule for those who have no name', () => {
    const without: NameFact = { kind: 'unknown', why: 'none' };
    expect(verdict({ deny: 'ftpd: UNKNOWN\n' }, without)).toMatchObject({ reason: 'libwrap' });
  });
});
