import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makePair, type Pair } from '../harness/certificates.ts';
import { isRoot } from '../harness/identity.ts';
import { type Outcome, runZinetd } from './run-zinetd.ts';

let home: string;
let config: string;

const BASE = { listen: 'tcp://127.0.0.1:7000', server: '/bin/true', ...(isRoot ? { user: 'nobody' } : {}) };

/** What `explain` is asked about; each has a port of its own. */
function services(): Readonly<Record<string, object>> {
  const hosts = { allow: join(home, 'hosts.allow'), deny: join(home, 'nothing') };
  const all: Readonly<Record<string, object>> = {
    lists: { only_from: ['10.0.0.0/8', 'fe80::1%lo'], no_access: ['10.9.0.0/16'] },
    limits: { max_load: 4, instances: 3, per_source: 2 },
    night: { access_times: ['22:00-02:30'], time_zone: 'America/New_York' },
    week: { access_times: ['mon-fri 22:00-06:00'], time_zone: 'America/New_York' },
    late: { access_times: ['23:00-24:00'], time_zone: 'UTC' },
    named: { only_from: ['good.example'] },
    asked: { decide: { socket: '/run/nobody' } },
    tables: { hosts_access: hosts },
    port: { hosts_access: { ...hosts, allow: join(home, 'ports') }, listen: 'tcp://0.0.0.0:7099' },
    off: { enabled: false },
  };
  const made = Object.entries(all).map(([name, more], at) => [
    name,
    { ...BASE, listen: `tcp://127.0.0.1:${7000 + at}`, ...more },
  ]);
  return { ...Object.fromEntries(made), trap: { listen: 'tcp://127.0.0.1:7100', sensor: true } };
}

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'zinetd-explain-'));
  writeFileSync(
    join(home, 'hosts.allow'),
    'ALL: 10.1.: severity auth.warning\nALL: 10.2.: setenv A b\nALL: ALL: deny\n',
  );
  writeFileSync(join(home, 'ports'), '7099@127.0.0.5: ALL\nALL: ALL: deny\n');
  config = join(home, 'zinetd.json');
  writeFileSync(config, JSON.stringify({ version: 1, services: services() }, null, 2));
});

afterAll(() => rmSync(home, { recursive: true, force: true }));

function explain(line: string, env: Readonly<Record<string, string>> = {}): Outcome {
  const args = line.match(/"[^"]*"|\S+/g)?.map((word) => word.replaceAll('"', '')) ?? [];
  return runZinetd(['explain', ...args, '-c', config], { env: { ...process.env, ...env } });
}

/** The first line of text, and the exit code. */
function verdict(line: string, env?: Readonly<Record<string, string>>): string {
  const { code, stdout, stderr } = explain(line, env);
  return `${code}: ${(stdout || stderr).split('\n')[0]}`;
}

test('explain shows the verdict and every check that was asked, and exits with 0 for admitted', () => {
  expect(explain('limits --from 10.0.0.1 --load 0.5')).toEqual({
    ...{ code: 0, stderr: '' },
    stdout: [
      'limits: 10.0.0.1 is admitted',
      '  ban             passed   not banned',
      '  max_load        passed   load 0.50, limit 4',
      '  per_source      passed   0 of 2 running',
      '  instances       passed   0 of 3 running',
      '',
    ].join('\n'),
  });
});

test('explain names the rule that refuses, with its file and line, and exits with 1 (promise 3)', () => {
  const { code, stdout } = explain('lists --from 10.9.8.7');
  expect(code).toBe(1);
  expect(stdout).toMatch(
    /^lists: 10\.9\.8\.7 is refused \(address\), policy reject\n {2}ban .*\n {2}access +refused +denied by a rule: "10\.9\.0\.0\/16" at \S+zinetd\.json:\d+\n$/,
  );
});

test('explain --json is for programs: the fields of a record', () => {
  const { code, stdout } = explain('lists --from [2001:db8::1]:4000 --json');
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toEqual({
    ...{ service: 'lists', peer: { address: '2001:db8::1', port: 4000 }, verdict: 'refused' },
    ...{ reason: 'address', policy: 'reject' },
    check: {
      name: 'access',
      passed: false,
      detail: 'matches nothing in only_from',
      note: 'not_in_only_from',
    },
    trace: [
      { name: 'ban', passed: true, detail: 'not banned' },
      { name: 'access', passed: false, detail: 'matches nothing in only_from', note: 'not_in_only_from' },
    ],
  });
});

describe('explain takes as given', () => {
  test.each([
    ['lists --from ::ffff:10.1.2.3', '0: lists: 10.1.2.3 is admitted'],
    ['lists --from 10.1.2.3:80', '0: lists: 10.1.2.3 is admitted'],
    ['lists --from fe80::1%lo', '0: lists: fe80::1 is admitted'],
    ['lists --from [fe80::1%lo]:4000', '0: lists: fe80::1 is admitted'],
    ['lists --from fe80::1', '1: lists: fe80::1 is refused (address), policy reject'],
    ['limits --from 10.0.0.1 --load 4', '1: limits: 10.0.0.1 is refused (load), policy reject'],
    ['limits --from 10.0.0.1 --load 3.99', '0: limits: 10.0.0.1 is admitted'],
    [
      'limits --from 10.0.0.1 --load 0 --running 3',
      '1: limits: 10.0.0.1 is refused (service_limit), policy reject',
    ],
    ['limits --from 10.0.0.1 --load 0 --running 2', '0: limits: 10.0.0.1 is admitted'],
    [
      'limits --from 10.0.0.1 --load 0 --source-running 2',
      '1: limits: 10.0.0.1 is refused (per_source_limit), policy reject',
    ],
    ['named --from 192.0.2.1 --name good.example', '0: named: 192.0.2.1 is admitted'],
    ['named --from 192.0.2.1 --name Good.Example.', '0: named: 192.0.2.1 is admitted'],
    ['named --from 192.0.2.1 --name bad.example', '1: named: 192.0.2.1 is refused (address), policy reject'],
    ['named --from 192.0.2.1 --name none', '1: named: 192.0.2.1 is refused (address), policy reject'],
    ['asked --from 192.0.2.1', '1: asked: 192.0.2.1 is undecided: it depends on a decision (see --decision)'],
    ['asked --from 192.0.2.1 --decision allow', '0: asked: 192.0.2.1 is admitted'],
    ['asked --from 192.0.2.1 --decision deny', '1: asked: 192.0.2.1 is refused (decision), policy reject'],
    ['asked --from 192.0.2.1 --decision fail', '1: asked: 192.0.2.1 is refused (decision), policy reject'],
    ['tables --from 10.1.0.1', '0: tables: 10.1.0.1 is admitted'],
    ['tables --from 10.2.0.1', '0: tables: 10.2.0.1 is admitted, as variant 1'],
    ['tables --from 10.3.0.1', '1: tables: 10.3.0.1 is refused (libwrap), policy reject'],
    ['port --from 10.3.0.1 --to 127.0.0.5:7099', '0: port: 10.3.0.1 is admitted'],
    ['port --from 10.3.0.1 --to 127.0.0.6:7099', '1: port: 10.3.0.1 is refused (libwrap), policy reject'],
    ['trap --from 10.3.0.1', '1: trap: 10.3.0.1 is refused (sensor), policy reject'],
  ])('%s', (line, expected) => {
    expect(verdict(line)).toBe(expected);
  });
});

describe('explain of a service with clients by certificate', () => {
  let alice: Pair;
  let bob: Pair;

  beforeAll(() => {
    const authority = makePair(home, { name: 'authority' });
    alice = makePair(home, { name: 'alice', by: authority });
    bob = makePair(home, { name: 'bob', by: authority });
    const tls = { ...alice, client: 'required', client_ca: authority.certificate };
    const vault = { ...BASE, tls: { ...tls, clients: ['san:dns:nobody', 'CN=alice,O=Test'] } };
    writeFileSync(join(home, 'tls.json'), JSON.stringify({ version: 1, services: { vault } }, null, 2));
  });

  function ask(...args: readonly string[]): Outcome {
    return runZinetd(['explain', 'vault', '--from', '192.0.2.1', '-c', join(home, 'tls.json'), ...args]);
  }

  test('says what becomes of who shows one, who shows another, and who shows none', () => {
    expect(ask().stdout).toContain('undecided: it depends on a certificate (see --certificate)');
    expect(ask('--certificate', alice.certificate)).toMatchObject({ code: 0 });
    expect(ask('--certificate', alice.certificate).stdout).toMatch(
      /certificate {5}passed {3}its certificate is one of "clients": "CN=alice,O=Test" at .*tls\.json:\d+/,
    );
    expect(ask('--certificate', bob.certificate)).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(
        /refused \(certificate\)[\s\S]*its certificate is none of "clients": CN=bob,O=Test/,
      ),
    });
    expect(ask('--certificate', 'none').stdout).toContain('it shows no certificate');
  });

  test('refuses what is no certificate', () => {
    expect(ask('--certificate', bob.key)).toMatchObject({ code: 2 });
    expect(ask('--certificate', join(home, 'missing')).stderr).toContain('ENOENT');
  });
});

describe('explain --at reckons with the clock of the service', () => {
  test.each([
    ['night', '2026-03-08T02:59Z', 1, 'a minute before it opens'],
    ['night', '2026-03-08T03:00Z', 0, 'when it opens, at ten'],
    ['night', '2026-03-08T04:59Z', 0, 'before midnight'],
    ['night', '2026-03-08T05:01Z', 0, 'after midnight'],
    ['night', '2026-03-08T06:59Z', 0, 'before the clock is put forward'],
    ['night', '2026-03-08T07:00Z', 1, 'after that: it is three already'],
    ['night', '2026-11-01T05:59Z', 0, 'before the clock is put back'],
    ['night', '2026-11-01T06:00Z', 0, 'after that: it is one again'],
    ['night', '2026-11-01T07:29Z', 0, 'the last minute of that night'],
    ['night', '2026-11-01T07:30Z', 1, 'when it closes'],
    ['week', '2026-01-10T10:59Z', 0, 'on Saturday, as long as Friday night lasts'],
    ['week', '2026-01-10T11:00Z', 1, 'on Saturday, after that'],
    ['week', '2026-01-11T04:00Z', 1, 'on Saturday night'],
    ['week', '2026-01-13T03:00:00+00:00', 0, 'on Monday night'],
    ['week', '2026-01-13T12:00:00+09:00', 0, 'the same moment elsewhere'],
  ])('%s at %s: exit code %i, %s', (service, at, code) => {
    expect(explain(`${service} --from 10.0.0.1 --at ${at}`).code).toBe(code);
  });

  test('and of this machine, where no zone is written: also for a date alone', () => {
    const at = (text: string) => explain(`late --from 10.0.0.1 --at "${text}"`, { TZ: 'Europe/Berlin' }).code;
    // Midnight in Berlin is eleven in the evening of UTC.
    expect(['2026-01-09', '2026-01-09T00:30', '2026-01-09 01:00', '2026-01-09T23:30'].map(at)).toEqual([
      0, 0, 1, 1,
    ]);
  });

  test('says when it opens', () => {
    expect(explain('night --from 10.0.0.1 --at 2026-01-09T12:00Z').stdout).toContain('closed, for 15h');
  });
});

describe('explain exits with 2 for wrong usage', () => {
  test.each([
    ['lists', /from/],
    ['lists --from 10.0.0', /Cannot use "10\.0\.0" for --from: write ADDRESS or ADDRESS:PORT/],
    ['lists --from 010.0.0.1', /Cannot use "010\.0\.0\.1" for --from/],
    ['lists --from 10.0.0.1:70000', /Cannot use "10\.0\.0\.1:70000" for --from/],
    ['lists --from host.example', /Cannot use "host\.example" for --from/],
    ['lists --from fe80::1%nowhere', /Cannot find the interface "nowhere"/],
    ['lists --from 2001:db8::1%lo', /Cannot use "2001:db8::1%lo" for --from/],
    ['lists --from 10.0.0.1 --to x', /Cannot use "x" for --to/],
    ['night --from 10.0.0.1 --at yesterday', /Cannot use "yesterday" for --at/],
    ['night --from 10.0.0.1 --at 2026-02-30', /Cannot use "2026-02-30" for --at/],
    ['night --from 10.0.0.1 --at 2026-02-30T08:00Z', /Cannot use "2026-02-30T08:00Z" for --at/],
    ['night --from 10.0.0.1 --at 2026-01-09T25:00', /Cannot use "2026-01-09T25:00" for --at/],
    ['limits --from 10.0.0.1 --load much', /Cannot use "much" for --load/],
    ['limits --from 10.0.0.1 --running 1.5', /Cannot use "1\.5" for --running/],
    ['limits --from 10.0.0.1 --source-running -1', /source-running/],
    ['named --from 10.0.0.1 --name "a b"', /Cannot use "a b" for --name/],
    ['asked --from 10.0.0.1 --decision maybe', /decision/],
    [
      'lits --from 10.0.0.1',
      /Cannot explain "lits": no such enabled service\n {3}help: did you mean "lists"\?/,
    ],
    ['off --from 10.0.0.1', /Cannot explain "off": no such enabled service/],
  ])('%s', (line, said) => {
    const { code, stdout, stderr } = explain(line);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(said);
  });

  test('an hour that the clock left out is no time', () => {
    const { code, stderr } = explain('late --from 10.0.0.1 --at 2026-03-29T02:30', { TZ: 'Europe/Berlin' });
    expect([code, stderr]).toEqual([2, expect.stringContaining('Cannot use "2026-03-29T02:30" for --at')]);
  });
});

test('explain shows what is wrong with a configuration, and exits with 1', () => {
  const path = join(home, 'wrong.json');
  writeFileSync(
    path,
    JSON.stringify({ version: 1, services: { s: { ...BASE, only_from: ['10.0.0.1/8'] } } }),
  );
  const { code, stderr } = runZinetd(['explain', 's', '--from', '10.0.0.1', '-c', path]);
  expect([code, stderr]).toEqual([1, expect.stringContaining('error[config/invalid-value]')]);
});
