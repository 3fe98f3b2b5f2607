import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import { scratch } from '../harness/scratch.ts';

export const SERVICES = 60;
/** Their handlers stay as long as their clients. */
export const FULL_SERVICES = 6;

const octet = fc.integer({ min: 0, max: 3 });
/** Few enough that rules meet them. */
export const loopback: fc.Arbitrary<string> = fc
  .tuple(octet, octet, fc.integer({ min: 1, max: 3 }))
  .map((rest) => `127.${rest.join('.')}`);
const network = fc
  .tuple(octet, octet, fc.constantFrom(8, 16, 24))
  .map(([a, b, length]) => `127.${length > 8 ? a : 0}.${length > 16 ? b : 0}.0/${length}`);
const entry = fc.oneof(
  loopback,
  network,
  fc.constantFrom('127.0.0.1-127.1.2.3', '127.1.{0,2}', '::/0', '0.0.0.0/0'),
);

/** Files that rules name: lists, and both tables of hosts_access. */
function writeFiles(seed: number): { readonly lists: readonly string[]; readonly tables: readonly object[] } {
  const directory = scratch('explain');
  const write = (name: string, lines: readonly string[]) => {
    const path = join(directory, name);
    writeFileSync(path, lines.map((line) => `${line}\n`).join(''));
    return path;
  };
  const many = { seed, numRuns: 6 };
  const lists = fc
    .sample(fc.array(fc.oneof(loopback, network), { maxLength: 30 }), many)
    .map((lines, at) => write(`list-${at}`, lines));
  const pattern = fc.oneof(
    loopback,
    octet.map((a) => `127.${a}.`),
    fc.constantFrom('ALL', '127.0.0.0/8'),
  );
  const rule = fc
    .tuple(pattern, fc.constantFrom('', ': allow', ': deny', ': severity info'))
    .map(([client, option]) => `ALL: ${client}${option}`);
  const tables = fc.sample(
    fc.tuple(fc.array(rule, { maxLength: 6 }), fc.array(rule, { maxLength: 6 })),
    many,
  );
  return {
    lists: lists.map((path) => `file:${path}`),
    tables: tables.map(([allow, deny], at) => ({
      allow: write(`hosts.allow-${at}`, allow),
      deny: write(`hosts.deny-${at}`, deny),
    })),
  };
}

/** A window of today is open now, one of the day after tomorrow is not. */
function windows(): fc.Arbitrary<readonly string[]> {
  const day = (ahead: number) =>
    ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'][new Date(Date.now() + ahead * 86_400_000).getUTCDay()];
  const [yesterday, today, tomorrow, later] = [-1, 0, 1, 2].map(day);
  const open = [`${yesterday},${today},${tomorrow} 00:00-24:00`];
  return fc.constantFrom(open, open, [`${later} 00:00-24:00`]);
}

/** Services by name with rules of every kind that nobody outside is asked for. The first ones are easily full. */
export function generateServices(seed: number): Readonly<Record<string, object>> {
  const { lists, tables } = writeFiles(seed);
  const list = fc.array(
    fc.oneof({ weight: 4, arbitrary: entry }, { weight: 1, arbitrary: fc.constantFrom(...lists) }),
    {
      maxLength: 5,
    },
  );
  const reject = fc.constantFrom('reject', { reject: { text: '%a: no (%r)\r\n' } });
  const service = fc.record(
    {
      only_from: list,
      no_access: list,
      match: fc.constantFrom('specific', 'xinetd'),
      hosts_access: fc.constantFrom(...tables),
      access_times: windows(),
      max_load: fc.constantFrom(0.000_001, 1000, 1000),
      per_source: fc.integer({ min: 10, max: 20 }),
      cps: fc.constant({ rate: 10_000 }),
      policies: fc.record({ access: reject, hosts_access: reject, instances: reject }),
    },
    { requiredKeys: [] },
  );
  const user = isRoot ? { user: 'nobody' } : {};
  const made = fc.sample(service, { seed, numRuns: SERVICES }).map((rules, at): [string, object] => {
    const full = { server: handler('echo'), instances: 1 + (at % 3), per_source: 1 + (at % 2) };
    const own = at < FULL_SERVICES ? full : { server: handler('raw'), time_zone: 'UTC', ...rules };
    return [`s${at}`, { listen: 'tcp://127.0.0.1:0', ...user, ...own }];
  });
  return Object.fromEntries(made);
}
