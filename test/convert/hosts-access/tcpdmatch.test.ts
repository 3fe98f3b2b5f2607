import fc from 'fast-check';
import { expect, test } from 'vitest';
import { admit } from '../../../src/admission/admit.ts';
import { checksOf } from '../../../src/admission/checks-of.ts';
import type { NameFact } from '../../../src/admission/facts.ts';
import type { PeerName } from '../../../src/admission/hosts-pattern.ts';
import { prepareService } from '../../../src/admission/prepared.ts';
import { policyOf } from '../../../src/compile/policy.ts';
import { newBudget } from '../../../src/config/budget.ts';
import { loadConfig } from '../../../src/config/load.ts';
import { Report } from '../../../src/config/report.ts';
import { makeSource } from '../../../src/config/source.ts';
import type { MapEntry } from '../../../src/config/syntax-node.ts';
import { convertTables } from '../../../src/convert/hosts-access/convert-tables.ts';
import { entryOf, mapNode, scalarNode } from '../../../src/convert/tree.ts';
import { addressKey } from '../../../src/model/address.ts';
import { endpoint, facts } from '../../admission/example-facts.ts';
import {
  CLIENTS,
  type Client,
  DAEMONS,
  daemonName,
  HOSTS,
  NETGROUPS,
  SERVERS,
  table,
} from '../../admission/hosts-cases.ts';
import { fakeHost } from '../../config/fake-host.ts';
import { describeWith } from '../../harness/describe-with.ts';
import { type Tables, TcpWrappers } from '../../harness/tcp-wrappers.ts';

const CLOSED = 'ALL: ALL\n';
const GROUPS = new Map([
  ['trusted', ['alpha.example.test', 'LONE']],
  ['others', ['six.example.test']],
]);
const AT = { source: makeSource('hosts', ''), start: 0, end: 0 };

function text(key: string, value: string): MapEntry {
  return entryOf(key, scalarNode(value, AT));
}

/** The services that the tables become, each with a program, so that it can be asked. */
function servicesOf({ allow, deny }: Tables): readonly MapEntry[] {
  const report = new Report({ leavesOut: true });
  const file = (name: string, content: string) => ({
    path: name,
    source: makeSource(name, content),
    isUtf8: true,
  });
  const document = convertTables(
    [
      { table: 'allow', file: file('hosts.allow', allow) },
      { table: 'deny', file: file('hosts.deny', deny) },
    ],
    { report, budget: newBudget(), ownerUid: process.getuid?.() ?? 0 },
  );
  const errors = report
    .diagnostics()
    .filter(({ severity, code }) => severity === 'error' && !/no-services/.test(code));
  expect(errors).toEqual([]);
  return document.disabled ?? [];
}

type Ask = (client: Client, server: string) => string;

function askOf(entry: MapEntry | undefined, daemon: string): Ask {
  const own = entry?.value.kind === 'map' ? [...entry.value.entries.values()] : [];
  const rows = [
    ...[text('listen', 'tcp://*:7'), text('server', '/bin/true'), text('argv0', daemon), text('user', 'me')],
    ...own.filter(({ key }) => key !== 'enabled'),
  ];
  const services = entryOf('services', mapNode([entryOf('s', mapNode(rows, AT))], AT));
  const root = mapNode([entryOf('version', scalarNode(1, AT)), services], AT);
  const host = fakeHost({ findNetgroup: (name) => GROUPS.get(name) });
  const { config, diagnostics } = loadConfig(
    { paths: ['hosts'], format: () => ({ root, accounts: [] }) },
    host,
  );
  const [policy] = config ? policyOf(config).services : [];
  if (!policy) throw new Error(JSON.stringify(diagnostics));
  const service = prepareService(policy, undefined);
  const checks = checksOf(service);
  return ({ address, name }, server) => {
    const peer = endpoint(address);
    const arrival = { peer, key: addressKey(peer), local: endpoint(server, 0) };
    return admit(checks, { service, arrival, facts: facts({ name: nameFact(name) }) }).kind;
  };
}

function nameFact(name: PeerName): NameFact {
  switch (name.kind) {
    case 'known':
      return name;
    case 'paranoid':
      return { kind: 'paranoid', name: 'liar.example.test' };
    case 'unknown':
      return { kind: 'unknown', why: 'none' };
    case 'pending':
      return { kind: 'pending' };
  }
}

/** The service of a daemon: its own, or that of all others; by a port as name it is anybody's. */
function askers(tables: Tables): (daemon: string) => Ask {
  const entries = new Map(servicesOf(tables).map((entry) => [entry.key, entry]));
  const made = new Map<string, Ask>();
  return (daemon) => {
    const ask = made.get(daemon) ?? askOf(entries.get(daemon) ?? entries.get('others'), daemon);
    made.set(daemon, ask);
    return ask;
  };
}

const address = fc.constantFrom(
  ...['10.', '10.0.', '10.0.0.1', '10.0.0.0/8', '192.168.7.9', '192.168.0.0/16', '127.0.0.1', '10.0.0.0/24'],
  ...['[2001:db8::]/32', '[2001:db8::77]', '[::1]', '172.16.0.0/255.240.0.0', 'ALL'],
);
/** Rules that access lists can say. */
const plain = fc
  .array(
    fc
      .tuple(
        fc.constantFrom('sshd', 'ALL', 'in.ftpd', 'sshd in.ftpd'),
        fc.array(address, { minLength: 1, maxLength: 3 }),
        fc.constantFrom('', '', ': allow', ': deny'),
      )
      .map(([daemons, clients, more]) => `${daemons}: ${clients.join(' ')}${more}\n`),
    { maxLength: 5 },
  )
  .map((rules) => rules.join(''));

/** A name in the shape of an address: tcp_wrappers compares it with such patterns, zinetd never does (S43). */
function isAmbiguous({ allow, deny }: Tables, { name }: Client): boolean {
  return name.kind === 'known' && name.name === '10.0.0.evil.test' && /[*?]/.test(`${allow}${deny}`);
}

describeWith(
  'lists and rules made of hosts.allow and hosts.deny beside tcpdmatch',
  { needs: ['root', { program: 'tcpdmatch' }, { program: 'unshare' }] },
  () => {
    test('2,000 questions have the same answers (promise 6, S56)', async () => {
      const there = new TcpWrappers({ hosts: HOSTS, netgroup: NETGROUPS });
      const any = table([], daemonName);
      const pair = fc.oneof(fc.tuple(any, any, fc.boolean()), fc.tuple(plain, plain, fc.boolean()));
      const cases = fc.sample(pair, { seed: 7, numRuns: 100 }).flatMap(([allow, deny, isClosed], index) => {
        const tables = { allow, deny: isClosed ? `${deny}${CLOSED}` : deny };
        const directory = there.policy(tables);
        const asker = askers(tables);
        return Array.from({ length: 20 }, (_, at) => {
          const client = CLIENTS[(index + at) % CLIENTS.length];
          const daemon = DAEMONS[(index + at) % 2] ?? '';
          const server = SERVERS[(index + (at >> 1)) % SERVERS.length] ?? '';
          if (!client) throw new Error('There is no client');
          return { tables, directory, client, daemon, server, ours: asker(daemon)(client, server) };
        });
      });
      expect(cases).toHaveLength(2_000);
      const answers = await there.tcpdmatch(
        cases.map(({ directory, daemon, server, client }) => ({
          ...{ directory, daemon: `${daemon}@${server}`, client: client.argument },
        })),
      );
      const wrong = cases.filter(({ ours, tables, client }, index) => {
        const theirs =
          answers[index] === 'granted'
            ? 'admitted'
            : answers[index] === 'denied'
              ? 'refused'
              : answers[index];
        return ours !== theirs && !isAmbiguous(tables, client);
      });
      expect(wrong.slice(0, 3)).toEqual([]);
      const granted = cases.filter(({ ours }) => ours === 'admitted').length;
      expect(granted).toBeGreaterThan(cases.length / 5);
      expect(granted).toBeLessThan((4 * cases.length) / 5);
    }, 90_000);
  },
);
