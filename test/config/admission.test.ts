import { describe, expect, test } from 'vitest';
import { ADMISSION_SHAPE, DAEMON_SHAPE } from '../../src/config/schema-admission.ts';
import { SyscallError } from '../../src/model/errors.ts';
import type { Access, Service } from '../../src/model/service.ts';
import { UNLIMITED_INSTANCES } from '../../src/model/unlimited-instances.ts';
import { type Case, DAEMON_CASES, SERVICE_CASES } from './admission-cases.ts';
import { fakeHost } from './fake-host.ts';
import { codes, loadService, loadText, oneService } from './load-text.ts';

const SERVICE =
  'version: 1\nservices:\n  s:\n    listen: tcp://127.0.0.1:0\n    server: /bin/true\n    user: nobody\n';

function said(text: string): readonly (readonly string[])[] {
  const { diagnostics, config } = loadText(text);
  expect(config).toBeUndefined();
  return diagnostics.map(({ code, span, message, help }) => {
    const at = `${span.range?.line}:${span.range?.column} ${code}`;
    return help === undefined ? [at, message] : [at, message, help];
  });
}

/** The names of settings that the cases are about. */
function namesOf(cases: readonly Case[]): ReadonlySet<string | undefined> {
  return new Set(cases.map(([yaml]) => /^\w+/.exec(yaml)?.[0]));
}

function rulesOf(attributes: Readonly<Record<string, unknown>>): Service['rules'] {
  return loadService(attributes).rules;
}

describe('a wrong value', () => {
  test.each(SERVICE_CASES)(
    '%s is refused where it stands, with advice (promise 8, S47, S50, S51, S53, S61)',
    (...row) => {
      const [yaml, ...expected] = row;
      expect(said(`${SERVICE}    ${yaml}\n`)).toEqual(expected);
    },
  );

  test.each(DAEMON_CASES)('%s is refused where it stands, with advice (promise 8)', (...row) => {
    const [yaml, ...expected] = row;
    expect(said(`${yaml}\n${SERVICE}`)).toEqual(expected);
  });

  test('there is one of each setting', () => {
    expect(namesOf(SERVICE_CASES)).toEqual(new Set(Object.keys(ADMISSION_SHAPE)));
    expect(namesOf(DAEMON_CASES)).toEqual(new Set(Object.keys(DAEMON_SHAPE)));
  });
});

describe('settings that contradict each other', () => {
  test('a wait of cps and a policy for cps say the same thing twice', () => {
    const twice = oneService({ cps: { rate: 5, wait: '1s' }, policies: { cps: 'queue' } });
    expect(codes(loadText(twice))).toEqual(['config/conflict']);
  });

  test('a sensor starts nothing, so that it has no program', () => {
    expect(codes(loadText(oneService({ sensor: true })))).toEqual(['config/conflict']);
    const alone = { version: 1, services: { trap: { listen: 'tcp://127.0.0.1:0', sensor: true } } };
    const { config, diagnostics } = loadText(JSON.stringify(alone));
    expect(diagnostics).toEqual([]);
    expect(config?.services[0]).toMatchObject({ programs: [], rules: { sensor: { denyMs: 3_600_000 } } });
  });

  test('a service that is no sensor starts something', () => {
    const nothing = { version: 1, services: { s: { listen: 'tcp://127.0.0.1:0', user: 'nobody' } } };
    expect(codes(loadText(JSON.stringify(nothing)))).toEqual(['config/missing-key']);
  });
});

describe('what is taken', () => {
  test('the defaults: no lists, fifty handlers, and half of them for one source', () => {
    const service = loadService({});
    expect(service.access).toBeUndefined();
    expect(service.rules).toMatchObject({
      instances: { soft: 50, hard: 50, dropPercent: 100 },
      perSource: 25,
      policies: { instances: { kind: 'reject' }, cps: { kind: 'suspend', forMs: 10_000 } },
    });
    for (const name of ['hosts', 'sensor', 'times', 'maxLoad', 'ratePerSource', 'cps', 'decide', 'penalties'])
      expect(service.rules).toHaveProperty(name, undefined);
  });

  test.each([
    [1, 1],
    [2, 1],
    [3, 1],
    [50, 25],
  ])('of %i instances one source has %i, and of the rate as many (promise 5)', (all, own) => {
    const { perSource, ratePerSource } = rulesOf({ instances: all, cps: { rate: all } });
    expect(perSource).toBe(own);
    expect(ratePerSource).toEqual({ count: own, perMs: 1000, burst: own });
  });

  test('what is written for one source stands, and no limit is warned of', () => {
    const written = { per_source: 60, rate_per_source: { count: 3, per: '1m' }, cps: { rate: 9 } };
    expect(rulesOf(written)).toMatchObject({
      perSource: 60,
      ratePerSource: { count: 3, perMs: 60_000, burst: 3 },
    });
    const open = loadText(oneService({ per_source: 'UNLIMITED', rate_per_source: 'UNLIMITED' }));
    expect(codes(open)).toEqual(['config/unlimited-source', 'config/unlimited-source']);
    expect(open.config?.services[0]?.rules).toMatchObject({ perSource: undefined, ratePerSource: undefined });
    expect(rulesOf({ instances: 'UNLIMITED' }).instances.hard).toBe(UNLIMITED_INSTANCES);
  });

  test('soft and hard limits, with the share of newcomers that is dropped', () => {
    const { instances, perSource } = rulesOf({ instances: { soft: 10, hard: 30, drop: 20 } });
    expect([instances, perSource]).toEqual([{ soft: 10, hard: 30, dropPercent: 20 }, 15]);
  });

  test('every policy for a limit', () => {
    const policies = {
      access: { reject: { text: 'Go away, %a\r\n' } },
      access_times: 'queue',
      cps: 'reject',
      instances: { suspend: { for: '24d' } },
      per_source: { tarpit: { bytes_per_second: 2, slots: 7, text: 'wait' } },
    };
    expect(rulesOf({ policies }).policies).toMatchObject({
      access: { kind: 'reject', text: ['Go away, ', { field: 'address' }, '\r\n'] },
      access_times: { kind: 'queue' },
      cps: { kind: 'reject', text: undefined },
      instances: { kind: 'suspend', forMs: 24 * 86_400_000 },
      per_source: { kind: 'tarpit', bytesPerSecond: 2, slots: 7, text: ['wait'] },
      max_load: { kind: 'reject', text: undefined },
    });
    expect(rulesOf({ cps: { rate: 9, wait: '3s' } }).policies.cps).toEqual({ kind: 'suspend', forMs: 3000 });
  });

  test('who decides, and what for', () => {
    expect(rulesOf({ decide: { socket: '/run/d' } }).decide).toEqual({
      ...{ asks: { socket: '/run/d' }, deadlineMs: 2000, onFailure: 'refuse', cacheMs: 5000 },
    });
    const all = { socket: '/run/d', deadline: '1ms', on_failure: 'allow', cache: '0s' };
    expect(rulesOf({ decide: all }).decide).toEqual({
      ...{ asks: { socket: '/run/d' }, deadlineMs: 1, onFailure: 'allow', cacheMs: 0 },
    });
  });

  test('windows of time in the zone that is written, else in that of the host', () => {
    const windows = [{ days: 0b001_1111, fromMinute: 480, toMinute: 1080 }];
    const times = { access_times: ['mon-fri 08:00-18:00'] };
    expect(rulesOf(times).times).toEqual({ windows, timeZone: 'Europe/Berlin' });
    expect(rulesOf({ ...times, time_zone: 'UTC' }).times).toEqual({ windows, timeZone: 'UTC' });
    const nowhere = loadText(oneService(times), fakeHost({ timeZone: undefined }));
    expect(codes(nowhere)).toEqual(['config/time-zone']);
  });

  test('how long a sensor bans', () => {
    const denyMs = (deny_time: string) => {
      const trap = { listen: 'tcp://127.0.0.1:0', sensor: true, deny_time };
      return loadText(JSON.stringify({ version: 1, services: { trap } })).config?.services[0]?.rules.sensor
        ?.denyMs;
    };
    expect(['30m', 'forever', 'never'].map(denyMs)).toEqual([1_800_000, Number.POSITIVE_INFINITY, 0]);
  });

  test('penalties: what is not named has no price', () => {
    const penalties = { crash: '90s', exit_status: [{ status: 255, penalty: '1m' }], max: '1h' };
    expect(rulesOf({ penalties }).penalties).toEqual({
      ...{ crashMs: 90_000, refusedMs: 0, tooFastMs: 0, timeLimitMs: 0, thresholdMs: 15_000 },
      exitStatus: [{ status: 255, penaltyMs: 60_000 }],
      maxMs: 3_600_000,
    });
  });

  test('what the daemon has once', () => {
    const text = (more: object) => JSON.stringify({ ...JSON.parse(oneService({})), ...more });
    expect(loadText(text({})).config?.daemon).toEqual({
      ownerUid: 0,
      maxProcesses: undefined,
      sources: { ipv4Prefix: 32, ipv6Prefix: 64, capacity: 65_536 },
      bans: { capacity: 65_536, overflow: 'permissive', exempt: undefined },
    });
    const more = {
      max_processes: { soft: 5, hard: 9 },
      sources: { ipv4_prefix: 24, ipv6_prefix: 48, capacity: 1024 },
      bans: { capacity: 256, overflow: 'oldest', exempt: ['10.0.0.0/8'] },
    };
    expect(loadText(text(more)).config?.daemon).toMatchObject({
      maxProcesses: { soft: 5, hard: 9, dropPercent: 0 },
      sources: { ipv4Prefix: 24, ipv6Prefix: 48, capacity: 1024 },
      bans: { capacity: 256, overflow: 'oldest', exempt: { names: [] } },
    });
  });
});

describe('access lists', () => {
  function accessOf(only_from: readonly string[]): Access {
    const { access } = loadService({ only_from });
    if (!access) throw new Error('There are no lists');
    return access;
  }

  test('zeros at the end are what xinetd takes them for, with a warning at their place', () => {
    const load = (list: string) => loadText(`${SERVICE}    only_from: [10.0.0.1, ${list}]\n`);
    const { config, diagnostics } = load('10.1.0.0');
    expect(diagnostics).toMatchObject([
      {
        code: 'config/trailing-zeros',
        severity: 'warning',
        span: { range: { line: 7, column: 27 } },
        help: 'write "10.1.0.0/16"',
      },
    ]);
    expect(config).toEqual(load('10.1.0.0/16').config);
  });

  test('a name is a rule by name, a word that networks(5) has is a network, and no name is an address (S43)', () => {
    const { onlyFrom } = accessOf(['Good.Example', '.trusted.example', 'office', 'printer']);
    expect(onlyFrom?.names.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      ...['host good.example', 'suffix trusted.example', 'host printer'],
    ]);
    expect(onlyFrom?.prefixes).toEqual(accessOf(['10.1.0.0/16']).onlyFrom?.prefixes);
  });

  test('a link-local rule is about one interface, which must exist (S50)', () => {
    const [lo, eth0] = ['fe80::1%lo', 'fe80::1%eth0'].map((rule) => accessOf([rule]).onlyFrom?.prefixes);
    expect(lo).not.toEqual(eth0);
    const failing = fakeHost({
      findInterface: () => {
        throw new SyscallError({ call: 'find the interface', code: 'EIO', subject: 'lo' });
      },
    });
    const result = loadText(oneService({ only_from: ['fe80::1%lo'] }), failing);
    expect([codes(result), result.config]).toEqual([['config/look-up-failed'], undefined]);
  });

  test('an empty list is a list: nobody is in it', () => {
    expect(accessOf([]).onlyFrom).toMatchObject({ names: [], prefixes: [expect.anything()] });
    expect(loadService({ no_access: [] }).access).toMatchObject({ onlyFrom: undefined });
  });

  test('only_from of a service replaces that of the defaults, as a whole', () => {
    const document = JSON.parse(oneService({ only_from: ['10.0.0.1'] }));
    document.defaults = { only_from: ['0.0.0.0/0'], no_access: ['10.9.0.0/16'] };
    const access = loadText(JSON.stringify(document)).config?.services[0]?.access;
    expect(access?.onlyFrom?.prefixes).toMatchObject([
      { list: accessOf(['10.0.0.1']).onlyFrom?.prefixes[0]?.list },
    ]);
    expect(access?.noAccess).toBeDefined();
  });
});
