import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type HostsVerdict, matchHosts } from '../../src/admission/hosts-access.ts';
import type { PeerName } from '../../src/admission/hosts-pattern.ts';
import { parseHostsAccess } from '../../src/config/hosts-access/parse-hosts-access.ts';
import { parseAddress } from '../../src/model/address.ts';
import { matchesGlob } from '../../src/model/glob.ts';
import type { HostPattern, HostsRules, PatternList } from '../../src/model/hosts-rules.ts';
import { describeWith } from '../harness/describe-with.ts';
import { hostsCorpus } from '../harness/hosts-corpus.ts';
import { type Tables, TcpWrappers } from '../harness/tcp-wrappers.ts';
import {
  CLIENTS,
  type Client,
  DAEMONS,
  daemonName,
  daemonPattern,
  HOSTS,
  NETGROUPS,
  SERVERS,
  table,
} from './hosts-cases.ts';
import { REFUSED } from './hosts-differences.ts';

const CLOSED = 'ALL: ALL\n';
const GROUPS = new Map([
  ['trusted', ['alpha.example.test', 'LONE']],
  ['others', ['six.example.test']],
]);
function readPatterns(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

const LOOKUPS = {
  readPatterns,
  netgroup: (name: string) => GROUPS.get(name),
};

interface Case {
  readonly tables: Tables;
  readonly daemon: string;
  readonly server: string;
  readonly client: Client;
}

function bytes(address: string): Uint8Array {
  const parsed = parseAddress(address);
  if (parsed === undefined) throw new Error(`Cannot use "${address}" as address`);
  return parsed;
}

function rulesOf(tables: Tables): HostsRules {
  const read = (which: 'allow' | 'deny') => {
    const source = { file: `hosts.${which}`, table: which, text: tables[which] };
    const { rules, problems } = parseHostsAccess(source, LOOKUPS);
    if (rules === undefined) throw new Error(JSON.stringify(problems));
    return rules;
  };
  return JSON.parse(JSON.stringify({ allow: read('allow'), deny: read('deny') }));
}

function ask(rules: HostsRules, { daemon, server, client }: Omit<Case, 'tables'>): HostsVerdict {
  return matchHosts(rules, {
    daemon,
    localAddress: bytes(server),
    localPort: 0,
    peerAddress: bytes(client.address),
    peerName: client.name,
  });
}

function wordOf({ granted }: { readonly granted: boolean }): string {
  return granted ? 'granted' : 'denied';
}

/** Where the rule stands that decided, in the words of libwrap, which counts by the last line of a rule. */
function place({ match }: HostsVerdict & { kind: 'decided' }, tables: Tables): string {
  if (match === undefined) return '';
  const lines = tables[match.table].split('\n');
  let last = match.rule.line;
  while (lines[last - 1]?.endsWith('\\')) last++;
  return `hosts.${match.table} line ${last}`;
}

function patternsOf(list: PatternList<HostPattern> | undefined): readonly HostPattern[] {
  return list === undefined ? [] : [...list.any, ...patternsOf(list.except)];
}

/**
 * Where an answer of ours may differ, with the reason: names are never compared with the shape of an address
 * (S43). A name that has that shape is the only thing that this can be about.
 */
function isExplained(rules: HostsRules, name: PeerName): boolean {
  return (
    name.kind === 'known' &&
    [...rules.allow, ...rules.deny]
      .flatMap(({ clients }) => patternsOf(clients))
      .some((pattern) => pattern.kind === 'address-glob' && matchesGlob(name.name, pattern.glob))
  );
}

function tablesFor(
  files: readonly string[],
  options: { count: number; seed: number; daemons: fc.Arbitrary<string> },
): readonly Tables[] {
  const one = table(files, options.daemons);
  const pair = fc.tuple(one, one, fc.boolean());
  return fc.sample(pair, { seed: options.seed, numRuns: options.count }).map(([allow, deny, isClosed]) => ({
    allow,
    deny: isClosed ? `${deny}${CLOSED}` : deny,
  }));
}

function casesOf(tables: Tables, index: number): readonly Case[] {
  return CLIENTS.map((client, at) => ({
    tables,
    client,
    daemon: DAEMONS[(index + at) % DAEMONS.length] ?? '',
    server: SERVERS[(index + (at >> 1)) % SERVERS.length] ?? '',
  }));
}

/** Clients and daemons that a file speaks of, and some of ours. */
function wildCases(tables: Tables, text: string): readonly Case[] {
  const words = text.split('\n').filter((line) => !line.startsWith('#'));
  const daemons = ['sshd', ...new Set(words.flatMap((line) => /^[\w-]+(?= ?:)/.exec(line) ?? []))];
  const named = text.match(/\b\d+\.\d+\.\d+\.\d+\b/g) ?? [];
  const clients = [
    ...named
      .slice(0, 40)
      .map((address) => ({ argument: address, address, name: { kind: 'unknown' } as const })),
    ...['www.nic.jp', 'host.cn', 'localhost'].map((name) => ({
      ...{ argument: name, address: '192.0.2.1', name: { kind: 'known', name } as const },
    })),
    ...CLIENTS,
  ];
  return daemons.flatMap((daemon) =>
    clients.map((client) => ({ tables, daemon, client, server: '10.7.7.7' })),
  );
}

interface Compared {
  /** The first few that nothing explains. */
  readonly differences: readonly unknown[];
  readonly explained: number;
  readonly granted: number;
}

/** Holds our answers against `granted` or `denied` and, where libwrap told it, the rule. */
function compare(cases: readonly Case[], answers: readonly string[]): Compared {
  expect(answers).toHaveLength(cases.length);
  const differences: unknown[] = [];
  const read = new Map<Tables, HostsRules>();
  let [explained, granted] = [0, 0];
  for (const [index, one] of cases.entries()) {
    const rules = read.get(one.tables) ?? rulesOf(one.tables);
    read.set(one.tables, rules);
    const verdict = ask(rules, one);
    const ours = verdict.kind === 'decided' ? wordOf(verdict) : verdict.kind;
    const { theirs, where } =
      /^(?<theirs>\w+)(?: matched: .*\/(?<where>.*))?/.exec(answers[index] ?? '')?.groups ?? {};
    const isSameRule =
      where === undefined || (verdict.kind === 'decided' && where === place(verdict, one.tables));
    if (ours === 'granted') granted++;
    if (ours === theirs && isSameRule) continue;
    if (isExplained(rules, one.client.name)) explained++;
    else differences.push({ ...one, answer: answers[index], ours, verdict });
  }
  return { differences: differences.slice(0, 3), explained, granted };
}

/** Of `cases`, both answers come often, so that agreeing means something. */
function expectAgreement(cases: readonly Case[], { differences, explained, granted }: Compared): void {
  expect(differences).toEqual([]);
  expect(explained).toBeLessThan(cases.length / 50);
  expect(granted).toBeGreaterThan(cases.length / 5);
  expect(granted).toBeLessThan((4 * cases.length) / 5);
}

/** The question to libwrap's hosts_ctl(3). */
function ctl({ daemon, client: { name, address } }: Case, directory: string): readonly string[] {
  return ['ctl', directory, daemon, name.kind === 'known' ? name.name : name.kind, address];
}

const DAMAGE = fc.constantFrom(
  ...[
    '',
    ' ',
    ':',
    '/',
    '.',
    '\\',
    '\n',
    '\r',
    '#',
    '@',
    '[',
    ']',
    '*',
    '?',
    '%',
    '-',
    '1',
    'x',
    'EXCEPT',
    '\t',
    ',',
  ],
  ...['\\\n', '\\:', '::1', '0', '/8', '= '],
);

/** Puts something in, or takes two characters out. */
function damage(text: string, { at, what }: { readonly at: number; readonly what: string }): string {
  const place = at % (text.length + 1);
  return `${text.slice(0, place)}${what}${text.slice(what === '' ? place + 2 : place)}`;
}

function codesOf(text: string): readonly string[] {
  const { rules, problems } = parseHostsAccess({ file: 'hosts.allow', table: 'allow', text }, LOOKUPS);
  const errors = problems.filter(({ severity }) => severity === 'error').map(({ code }) => code);
  expect(rules === undefined).toBe(errors.length > 0);
  return errors;
}

function isAccepted({ allow, deny }: Tables): boolean {
  return [...codesOf(allow), ...codesOf(deny)].length === 0;
}

describeWith(
  'hosts.allow and hosts.deny beside tcp_wrappers',
  {
    needs: ['root', { program: 'tcpdmatch' }, { program: 'unshare' }],
  },
  () => {
    const wrappers = () => new TcpWrappers({ hosts: HOSTS, netgroup: NETGROUPS });
    const filesOf = (there: TcpWrappers) => [
      there.patterns('addresses', '10.0.0.0/30\t192.168.\n[2001:db8::]/33\n'),
      there.patterns('names', '.corp.example lone\n\n@others PARANOID'),
      there.patterns('empty', ''),
    ];

    /** A directory for each pair of tables, written once. */
    const directoriesOf = (there: TcpWrappers, cases: readonly Case[]) => {
      const directories = new Map<Tables, string>();
      for (const { tables } of cases)
        if (!directories.has(tables)) directories.set(tables, there.policy(tables));
      return ({ tables }: Case) => directories.get(tables) ?? '';
    };

    test('6,080 generated questions have the answers of tcpdmatch (S56)', async () => {
      const there = wrappers();
      const cases = tablesFor(filesOf(there), { count: 320, seed: 3, daemons: daemonPattern }).flatMap(
        casesOf,
      );
      const directoryOf = directoriesOf(there, cases);
      const questions = cases.map((one) => ({
        directory: directoryOf(one),
        daemon: `${one.daemon}@${one.server}`,
        client: one.client.argument,
      }));
      expect(cases).toHaveLength(6_080);
      expectAgreement(cases, compare(cases, await there.tcpdmatch(questions)));
    }, 90_000);

    test('19,000 more have the answers of libwrap, by the same rule (S56)', async () => {
      const there = wrappers();
      // hosts_ctl knows no address of the server, so that no rule asks for one.
      const tables = tablesFor(filesOf(there), { count: 1_000, seed: 4, daemons: daemonName });
      const cases = tables.flatMap(casesOf);
      const directoryOf = directoriesOf(there, cases);
      const questions = cases.map((one) => {
        const { name, address } = one.client;
        return ['ctl', directoryOf(one), one.daemon, name.kind === 'known' ? name.name : name.kind, address];
      });
      expect(cases).toHaveLength(19_000);
      expectAgreement(cases, compare(cases, await there.libwrap(questions)));
    }, 90_000);

    test('text that was damaged is refused, or has the answers of libwrap (S56)', async () => {
      const there = wrappers();
      const one = table(filesOf(there), daemonName);
      const damaged = fc
        .tuple(one, fc.array(fc.tuple(fc.nat(), DAMAGE), { minLength: 1, maxLength: 3 }))
        .map(([text, places]) => places.reduce((now, [at, what]) => damage(now, { at, what }), text));
      const tables = fc
        .sample(fc.tuple(damaged, fc.boolean()), { seed: 5, numRuns: 3_000 })
        .map(([text, isDeny]) => (isDeny ? { allow: '', deny: text } : { allow: text, deny: CLOSED }));
      const accepted = tables.filter((pair) => isAccepted(pair));
      const cases = accepted.flatMap((pair, index) => casesOf(pair, index).slice(0, 8));
      const directoryOf = directoriesOf(there, cases);
      const questions = cases.map((it) => ctl(it, directoryOf(it)));
      const { differences } = compare(cases, await there.libwrap(questions));
      expect(differences).toEqual([]);
      expect(accepted.length).toBeGreaterThan(tables.length / 10);
      expect(accepted.length).toBeLessThan((9 * tables.length) / 10);
    }, 90_000);

    test('files from the wild that are taken have the answers of libwrap (S56)', async () => {
      const there = wrappers();
      const cases = hostsCorpus().flatMap(({ path, table: which }) => {
        const text = readFileSync(path, 'utf8');
        const tables = which === 'allow' ? { allow: text, deny: CLOSED } : { allow: '', deny: text };
        return isAccepted(tables) ? wildCases(tables, text) : [];
      });
      const directoryOf = directoriesOf(there, cases);
      const questions = cases.map((it) => ctl(it, directoryOf(it)));
      const { differences, granted } = compare(cases, await there.libwrap(questions));
      expect(differences).toEqual([]);
      expect(granted).toBeGreaterThan(cases.length / 10);
      expect(cases.length).toBeGreaterThan(1_500);
    }, 30_000);

    test('every documented difference is one: tcpdmatch answers as written, and zinetd refuses the file', async () => {
      const there = wrappers();
      const questions = REFUSED.map(({ rule, client }) => ({
        directory: there.policy({ allow: `${rule}\n`, deny: CLOSED }),
        daemon: 'sshd@10.7.7.7',
        client: client ?? '10.0.0.1',
      }));
      const answers = await there.tcpdmatch(questions);
      const found = REFUSED.map(({ rule }, index) => [rule, answers[index], codesOf(`${rule}\n`)]);
      expect(found).toEqual(REFUSED.map(({ rule, theirs, code }) => [rule, theirs, [code]]));
    });

    test('a user without a group is who the handler runs as, where libwrap gives up root too early to go on', async () => {
      const there = wrappers();
      const tables = { allow: 'sshd: ALL: user nobody\n', deny: '' };
      const question = { directory: there.policy(tables), daemon: 'sshd@10.7.7.7', client: '10.0.0.1' };
      expect(await there.tcpdmatch([question])).toEqual(['denied']);
      expect(rulesOf(tables).allow[0]).toMatchObject({
        grants: true,
        options: [{ kind: 'user', user: 'nobody' }],
      });
    });

    test('a name in the shape of an address matches no rule about addresses, as it would with tcp_wrappers (S43)', async () => {
      const there = wrappers();
      const tables = { allow: 'sshd: 10.0.0.*\n', deny: CLOSED };
      const client = CLIENTS.find(({ argument }) => argument === '10.0.0.evil.test');
      if (client === undefined) throw new Error('There is no such client');
      const question = { directory: there.policy(tables), daemon: 'sshd@10.7.7.7', client: client.argument };
      expect(await there.tcpdmatch([question])).toEqual(['granted']);
      expect(ask(rulesOf(tables), { daemon: 'sshd', server: '10.7.7.7', client })).toMatchObject({
        granted: false,
      });
    });

    test('a number as daemon is the port that was connected to, and no name, as in libwrap', async () => {
      const there = wrappers();
      const cases = ['2222', '2223', '*', '2*', 'KNOWN', 'q', 'ALL EXCEPT 2222', '2222@127.0.0.1'].flatMap(
        (word) =>
          ['q', '2222'].flatMap((daemon) =>
            [2222, 2223].map((port) => ({
              word,
              daemon,
              port,
              tables: { allow: `${word}: ALL\n`, deny: CLOSED },
            })),
          ),
      );
      const questions = cases.map(({ tables, daemon, port }) => [
        ...['socket', there.policy(tables), daemon, '127.0.0.9', String(port)],
      ]);
      const answers = (await there.libwrap(questions)).map((answer) => answer.split(' ', 1)[0]);
      const peer = { peerAddress: bytes('127.0.0.9'), peerName: { kind: 'unknown' } } as const;
      const ours = cases.map(({ tables, daemon, port }) => {
        const facts = { ...peer, daemon, localAddress: bytes('127.0.0.1'), localPort: port };
        const verdict = matchHosts(rulesOf(tables), facts);
        return verdict.kind === 'decided' ? wordOf(verdict) : verdict.kind;
      });
      expect(ours).toEqual(answers);
      expect(new Set(ours)).toEqual(new Set(['granted', 'denied']));
    });
  },
);
