import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Answer } from '../../src/admission/check.ts';
import { accessCheck } from '../../src/admission/checks/access.ts';
import type { NameFact } from '../../src/admission/facts.ts';
import { type PreparedService, prepareService } from '../../src/admission/prepared.ts';
import { policyOf } from '../../src/compile/policy.ts';
import { UNKNOWN_REASONS } from '../../src/model/host-name.ts';
import { loadText, oneService } from '../config/load-text.ts';
import { arrivalFrom, endpoint, facts } from './example-facts.ts';

/** Both lists as a configuration has them. */
interface Lists {
  readonly only_from?: readonly string[] | undefined;
  readonly no_access?: readonly string[] | undefined;
  readonly match?: 'specific' | 'xinetd' | undefined;
}

function service(lists: Lists): PreparedService {
  const { config, diagnostics } = loadText(oneService({ ...lists }));
  const [policy] = config ? policyOf(config).services : [];
  if (!policy) throw new Error(JSON.stringify(diagnostics));
  return prepareService(policy, undefined);
}

interface Client {
  readonly address: string;
  readonly name: NameFact;
}

function ask(prepared: PreparedService, { address, name }: Client): Answer | undefined {
  if (!accessCheck.applies(prepared)) return { outcome: { check: 'access', passed: true } };
  return accessCheck.check({ service: prepared, arrival: arrivalFrom(address), facts: facts({ name }) });
}

/** `yes`, `no`, or `name` when the name is asked for. */
function saidOf(answer: Answer | undefined): 'yes' | 'no' | 'name' {
  if (!answer) throw new Error('The check has nothing to say');
  if ('need' in answer) return 'name';
  return answer.outcome.passed ? 'yes' : 'no';
}

/* The oracle: texts and bits as texts, nothing of the program. */

function bitsOf(address: string): string {
  if (!address.includes(':')) {
    return address
      .split('.')
      .map((octet) => Number(octet).toString(2).padStart(8, '0'))
      .join('');
  }
  const [left = '', right] = address.split('::');
  const groups = (text: string) => text.split(':').filter((group) => group !== '');
  const head = groups(left);
  const tail = groups(right ?? '');
  const middle = Array.from({ length: 8 - head.length - tail.length }, () => '0');
  return [...head, ...middle, ...tail]
    .map((group) => Number.parseInt(group, 16).toString(2).padStart(16, '0'))
    .join('');
}

/** How specific an entry is that matches, from 0 to 1; -1 when it does not. A domain is next to nothing. */
function specificity(
  entry: string,
  { address, name }: { address: string; name: string | undefined },
): number {
  if (entry.startsWith('.')) return name?.endsWith(entry) ? entry.split('.').length / 1_000_000 : -1;
  if (/^[a-z]/.test(entry) && !entry.includes(':')) return entry === name ? 1 : -1;
  const [base = '', length] = entry.split('/');
  const [rule, client] = [bitsOf(base), bitsOf(address)];
  const bits = length === undefined ? rule.length : Number(length);
  if (rule.length !== client.length || rule.slice(0, bits) !== client.slice(0, bits)) return -1;
  return bits / rule.length;
}

function isAllowedBy(lists: Lists, client: { address: string; name: string | undefined }): boolean {
  const best = (entries: readonly string[] | undefined) =>
    Math.max(-1, ...(entries ?? []).map((entry) => specificity(entry, client)));
  const [allow, deny] = [best(lists.only_from), best(lists.no_access)];
  if (lists.only_from && allow < 0) return false;
  if (deny < 0) return true;
  return lists.match !== 'xinetd' && allow > deny;
}

/* What is generated: few addresses and names, so that rules meet them. */

const octet = fc.integer({ min: 0, max: 3 });
const ipv4 = fc.tuple(octet, octet).map(([a, b]) => `10.0.${a}.${b}`);
const ipv6 = fc.tuple(octet, octet).map(([a, b]) => `2001:db8::${a}:${b}`);
const address = fc.oneof(ipv4, ipv6);
const name = fc.constantFrom(
  'good.example',
  'a.example',
  'b.a.example',
  'example',
  'other.test',
  'agood.example',
);

function prefixed(of: fc.Arbitrary<string>, most: number): fc.Arbitrary<string> {
  return fc.tuple(of, fc.integer({ min: 0, max: most })).map(([text, length]) => {
    const bits = `${bitsOf(text).slice(0, length)}`.padEnd(most, '0');
    const size = most === 32 ? 8 : 16;
    const parts = (bits.match(new RegExp(`.{${size}}`, 'g')) ?? []).map((part) => Number.parseInt(part, 2));
    return `${most === 32 ? parts.join('.') : parts.map((part) => part.toString(16)).join(':')}/${length}`;
  });
}

const entry = fc.oneof(
  fc.tuple(octet, fc.integer({ min: 1, max: 3 })).map(([a, b]) => `10.0.${a}.${b}`),
  fc.tuple(octet, fc.integer({ min: 1, max: 3 })).map(([a, b]) => `2001:db8::${a}:${b}`),
  prefixed(ipv4, 32),
  prefixed(ipv6, 128),
  fc.constantFrom('good.example', 'a.example', 'b.a.example', '.example', '.a.example', '.test'),
);
const list = fc.option(fc.array(entry, { maxLength: 5 }), { nil: undefined });
const lists: fc.Arbitrary<Lists> = fc.record({
  only_from: list,
  no_access: list,
  match: fc.constantFrom('specific', 'xinetd'),
});

/** Every name that could make a difference, and one that is in no rule. */
function namesFor({ only_from = [], no_access = [] }: Lists): readonly (string | undefined)[] {
  const named = [...only_from, ...no_access].filter((each) => /^\.?[a-z]/.test(each) && !each.includes(':'));
  return [
    ...named.map((each) => (each.startsWith('.') ? `some.host${each}` : each)),
    'other.invalid',
    undefined,
  ];
}

const RUNS = 4000;

describe('only_from and no_access', () => {
  test('agree with a slow oracle, whatever is known of the name (S41, S42, S46, S54)', () => {
    fc.assert(
      fc.property(lists, address, name, (written, from, known) => {
        const prepared = service(written);
        const decide = (fact: NameFact) => saidOf(ask(prepared, { address: from, name: fact }));
        const expected = (is: string | undefined) =>
          isAllowedBy(written, { address: from, name: is }) ? 'yes' : 'no';
        const pending = decide({ kind: 'pending' });
        const isByName = pending === 'name';
        expect(decide({ kind: 'known', name: known })).toBe(expected(known));
        expect(decide({ kind: 'unknown', why: 'none' })).toBe(expected(undefined));
        for (const why of UNKNOWN_REASONS.filter((reason) => reason !== 'none'))
          expect(decide({ kind: 'unknown', why })).toBe(isByName ? 'no' : expected(undefined));
        expect(decide({ kind: 'paranoid', name: known })).toBe(isByName ? 'no' : expected(undefined));
      }),
      { numRuns: RUNS },
    );
  });

  test('ask for a name exactly when one could change the verdict (S95)', () => {
    fc.assert(
      fc.property(lists, address, (written, from) => {
        const said = saidOf(ask(service(written), { address: from, name: { kind: 'pending' } }));
        const answers = new Set(
          namesFor(written).map((is) => isAllowedBy(written, { address: from, name: is })),
        );
        // A name that both lists have lets nobody in; it is not worth comparing them all.
        const both = [written.only_from, written.no_access];
        const areBothNamed = both.every((each) => each?.some((text) => /^\.?[a-z]/.test(text)));
        if (said !== 'name') expect(answers).toEqual(new Set([said === 'yes']));
        else if (!areBothNamed) expect(answers.size).toBe(2);
      }),
      { numRuns: RUNS },
    );
  });

  test('are pure: the same question has the same answer, whatever was asked in between (S55)', () => {
    fc.assert(
      fc.property(lists, fc.array(address, { minLength: 2, maxLength: 6 }), (written, clients) => {
        const prepared = service(written);
        const askAll = (those: readonly string[]) =>
          those.map((from) =>
            saidOf(ask(prepared, { address: from, name: { kind: 'unknown', why: 'none' } })),
          );
        expect(askAll([...clients].reverse()).reverse()).toEqual(askAll(clients));
      }),
      { numRuns: 300 },
    );
  });
});

describe('the rule that decided', () => {
  const none: NameFact = { kind: 'unknown', why: 'none' };

  test('is named with its text, its file and its line', () => {
    const lines =
      'version: 1\nservices:\n  s:\n    listen: tcp://127.0.0.1:0\n    server: /bin/true\n    user: nobody\n';
    const { config } = loadText(
      `${lines}    no_access:\n      - 10.0.0.0/8\n      - 10.0.1.0/24\n      - .evil.example\n`,
    );
    const [policy] = config ? policyOf(config).services : [];
    if (!policy) throw new Error('It does not load');
    const prepared = prepareService(policy, undefined);
    const denied = ask(prepared, { address: '10.0.1.7', name: none });
    expect(denied).toMatchObject({ outcome: { rule: { text: '10.0.1.0/24', file: 'test.yaml', line: 9 } } });
    const named = ask(prepared, { address: '192.0.2.1', name: { kind: 'known', name: 'x.evil.example' } });
    expect(named).toMatchObject({ outcome: { rule: { text: '.evil.example', line: 10 } } });
  });

  test.each([
    [none, 'no_name', undefined],
    [{ kind: 'paranoid', name: 'good.example' }, 'name_not_confirmed', 'name_lookup'],
    [{ kind: 'unknown', why: 'timeout' }, 'name_timeout', 'name_lookup'],
    [{ kind: 'unknown', why: 'failed' }, 'name_failed', 'name_lookup'],
    [{ kind: 'unknown', why: 'busy' }, 'name_busy', 'name_lookup'],
    [{ kind: 'unknown', why: 'invalid' }, 'name_invalid', 'name_lookup'],
    [{ kind: 'known', name: 'bad.example' }, 'not_in_only_from', undefined],
  ] as const)('is none when the name is %o: the note says %s (S41, S42)', (fact, note, reason) => {
    const answer = ask(service({ only_from: ['good.example'] }), { address: '192.0.2.1', name: fact });
    expect(answer).toMatchObject({ outcome: { passed: false, note } });
    expect(answer && 'reason' in answer ? answer.reason : undefined).toBe(reason);
  });
});

test.each([
  ['10.0.0.1.evil.example', '10.0.0.1'],
  ['10.0.0.evil.example', '10.0.0.0/8'],
])('a peer called %s is not taken for %s, nor the address for a name (S43)', (called, rule) => {
  const fact: NameFact = { kind: 'known', name: called };
  expect(saidOf(ask(service({ only_from: [rule] }), { address: '192.0.2.1', name: fact }))).toBe('no');
  expect(
    saidOf(
      ask(service({ only_from: [`${called}.example`] }), {
        address: '10.0.0.1',
        name: { kind: 'unknown', why: 'none' },
      }),
    ),
  ).toBe('no');
});

test('only the address of the peer is compared, never our own (S45)', () => {
  const prepared = service({ only_from: ['192.0.2.0/24'], no_access: ['198.51.100.0/24'] });
  fc.assert(
    fc.property(fc.ipV4(), fc.ipV4(), (from, to) => {
      const arrival = { ...arrivalFrom(from), local: endpoint(to, 21) };
      const answer = accessCheck.check({ service: prepared, arrival, facts: facts() });
      expect(saidOf(answer)).toBe(from.startsWith('192.0.2.') ? 'yes' : 'no');
    }),
    {
      numRuns: 500,
      examples: [
        ['192.0.2.1', '198.51.100.1'],
        ['198.51.100.1', '192.0.2.1'],
      ],
    },
  );
});
