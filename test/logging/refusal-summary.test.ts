import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RefusalSummary } from '../../src/logging/refusal-summary.ts';
import { textRenderer } from '../../src/logging/text-record.ts';
import { REFUSAL_REASONS, type RefusalReason } from '../../src/model/refusal-reason.ts';
import { refusal } from './refusal.ts';

const MEGABYTE = 1_000_000;
const DAY_MS = 86_400_000;

function v4(number: number): Uint8Array {
  return Uint8Array.from([127, (number >> 16) & 0xff, (number >> 8) & 0xff, number & 0xff]);
}

function v6(number: number): Uint8Array {
  return Uint8Array.from([0x20, 1, 0xd, 0xb8, 0xff, 0xff, 0xff, 0xff, ...v4(number), ...v4(number)]);
}

interface Step {
  readonly service: number;
  readonly reason: RefusalReason;
  readonly source: Uint8Array;
  readonly atMs: number;
}

const RULE = { text: '2001:db8:1234:5678::/64', file: '/etc/zinetd/services.d/finger.yaml', line: 14 };
const WHY = [{ check: 'access', passed: false, rule: RULE }] as const;

/** What a log of text would hold, and what its lines say. */
class Log {
  bytes = 0;
  readonly counts = new Map<string, number>();
  readonly plain: string[] = [];
  readonly repeated: string[] = [];
  readonly #summary = new RefusalSummary(0x5eed);
  readonly #render = textRenderer();
  readonly #services: readonly string[];

  constructor(services: readonly string[]) {
    this.#services = services;
  }

  note(step: Step): void {
    const dueAtMs = this.#summary.dueAtMs ?? Number.POSITIVE_INFINITY;
    if (step.atMs >= dueAtMs) this.flush(dueAtMs);
    if (this.#summary.note(step)) this.#writeRecord(step);
  }

  flush(nowMs: number): void {
    for (const row of this.#summary.flush(nowMs)) {
      const service = this.#services[row.service] ?? '?';
      this.#write(this.#render({ type: 'refused-more', ...row, service }, nowMs) ?? '');
    }
  }

  /** The plain FAIL line, and a WHY line of a usual length. */
  #writeRecord({ service, reason, source, atMs }: Step): void {
    const name = this.#services[service] ?? '?';
    const peer = { family: 4, bytes: source, port: 1, scopeId: 0 } as const;
    this.#write(
      this.#render({ type: 'refused', service: name, peer, verdict: refusal(reason, WHY) }, atMs) ?? '',
    );
  }

  #write(record: string): void {
    this.bytes += record.length;
    const [line = ''] = record.split('\n');
    const text = line.slice(line.indexOf('FAIL: '));
    const match = /^FAIL: (\S+) (.+?)(?: from=(\S+))?(?: repeated=(\d+))?(?: sources=\d+\+?)?$/.exec(text);
    const [, id = '', reason = '', , count] = match ?? [];
    const key = `${id} ${reason}`;
    this.counts.set(key, (this.counts.get(key) ?? 0) + Number(count ?? 1));
    (count === undefined ? this.plain : this.repeated).push(text);
  }
}

const floods = [
  { sources: 1, perSecond: 25_000 },
  { sources: 1, perSecond: 10 },
  { sources: 65_536, perSecond: 25_000 },
  { sources: 65_536, perSecond: 1000 },
  { sources: 65_536, perSecond: 100 },
  { sources: 65_536, perSecond: 15 },
];

describe('a flood of refusals', () => {
  test.each(floods)(
    'of a million from $sources sources, $perSecond a second, makes at most 1 MB of log with exact counts (S118)',
    ({ sources, perSecond }) => {
      const log = new Log(['finger']);
      const million = 1_000_000;
      for (let index = 0; index < million; index++) {
        // A generator of the full period, so that the order of the sources has no pattern.
        const source = v6((Math.imul(index, 40_503) + 7) % sources);
        log.note({ service: 0, reason: 'address', source, atMs: (index * 1000) / perSecond });
      }
      log.flush((million * 1000) / perSecond);
      expect([...log.counts]).toEqual([['finger address', million]]);
      expect(log.bytes).toBeLessThanOrEqual(MEGABYTE);
    },
  );

  test.each([1.2, 3, 12])('of %d a second costs at most 1 MB a day (S118)', (perSecond) => {
    const log = new Log(['finger']);
    const count = Math.floor((DAY_MS / 1000) * perSecond);
    for (let index = 0; index < count; index++)
      log.note({ service: 0, reason: 'address', source: v6(index), atMs: (index * 1000) / perSecond });
    log.flush(DAY_MS);
    expect(log.counts.get('finger address')).toBe(count);
    expect(log.bytes).toBeLessThanOrEqual(MEGABYTE);
  });

  test('of several services and reasons at once keeps to 1 MB and counts each exactly (S118)', () => {
    const services = ['finger', 'ftp', 'git', 'rsync'];
    const reasons = ['address', 'connections_per_second', 'banned'] as const;
    const log = new Log(services);
    for (let index = 0; index < 1_000_000; index++) {
      const reason = reasons[index % 3] ?? 'address';
      log.note({ service: index % 4, reason, source: v4(index % 9973), atMs: index / 25 });
    }
    log.flush(40_000);
    expect(log.counts.size).toBe(12);
    expect([...log.counts.values()].reduce((sum, count) => sum + count)).toBe(1_000_000);
    expect(log.counts.get('ftp connections per second')).toBe(83_334);
    expect(log.bytes).toBeLessThanOrEqual(MEGABYTE);
  });

  test.each([25, 1])('of two hundred services at once, %d a millisecond, keeps to 1 MB (S118)', (perMs) => {
    const services = Array.from({ length: 200 }, (_, number) => `service-${number}`);
    const log = new Log(services);
    for (let index = 0; index < 1_000_000; index++)
      log.note({ service: index % 200, reason: 'address', source: v6(index % 30_011), atMs: index / perMs });
    log.flush(1_000_000 / perMs);
    expect([...log.counts.values()]).toEqual(new Array<number>(200).fill(5000));
    expect(log.repeated.length).toBeLessThanOrEqual(7 * (256 + 200));
    expect(log.bytes).toBeLessThanOrEqual(MEGABYTE);
  });

  test.each([30, 700, 1300, 3600])(
    'that comes in bursts, one every %d seconds, costs at most 5 MB a day (S118)',
    (everySeconds) => {
      const log = new Log(['finger']);
      let burst = 0;
      for (let startMs = 0; startMs < DAY_MS; startMs += everySeconds * 1000, burst++)
        for (let index = 0; index < 300; index++)
          log.note({ service: 0, reason: 'address', source: v6(burst * 300 + index), atMs: startMs + index });
      log.flush(DAY_MS);
      expect(log.counts.get('finger address')).toBe(burst * 300);
      expect(log.bytes).toBeLessThanOrEqual(5 * MEGABYTE);
    },
  );

  test('counts every refusal once, whatever comes in whatever order', () => {
    const step = fc.record({
      service: fc.nat({ max: 2 }),
      reason: fc.constantFrom(...REFUSAL_REASONS),
      source: fc
        .oneof(fc.nat({ max: 5 }), fc.nat({ max: 2000 }))
        .chain((number) => fc.constantFrom(v4(number), v6(number))),
      waitMs: fc.oneof(
        { weight: 9, arbitrary: fc.nat({ max: 20 }) },
        { weight: 1, arbitrary: fc.nat({ max: 60_000 }) },
      ),
    });
    const services = ['a', 'b', 'c'];
    fc.assert(
      fc.property(fc.array(step, { maxLength: 3000, size: 'max' }), (steps) => {
        const log = new Log(services);
        const expected = new Map<string, number>();
        let atMs = 0;
        for (const { waitMs, ...rest } of steps) {
          atMs += waitMs;
          log.note({ ...rest, atMs });
          const key = `${services[rest.service]} ${rest.reason.replaceAll('connections_per_second', 'connections per second')}`;
          expected.set(key, (expected.get(key) ?? 0) + 1);
        }
        log.flush(atMs);
        expect(log.counts).toEqual(expected);
      }),
      { numRuns: 30 },
    );
  });

  test('tells the sources with the most refusals by name, and of the rest how many there are', () => {
    const summary = new RefusalSummary(1);
    const base = { service: 3, reason: 'load', atMs: 1000 } as const;
    for (let number = 0; number < 200; number++)
      for (let times = 0; times <= (number === 150 ? 40 : 6); times++)
        summary.note({ ...base, source: v4(number) });
    const rows = summary.flush(4000);
    expect(rows.length).toBe(65);
    expect(rows[0]).toMatchObject({
      service: 3,
      reason: 'load',
      source: v4(150),
      count: 41,
      durationMs: 3000,
    });
    expect(rows[64]).toMatchObject({ source: undefined, sources: 136, hasMoreSources: false });
  });

  test('says so when there were too many sources to tell them apart', () => {
    const summary = new RefusalSummary(1);
    for (let number = 0; number < 5000; number++)
      summary.note({ service: 0, reason: 'address', source: v4(number), atMs: 0 });
    expect(summary.flush(1).at(-1)).toMatchObject({ source: undefined, hasMoreSources: true });
  });
});

describe('refusals without a flood', () => {
  test('have a record each: five of a source in ten seconds, then one row for the others', () => {
    const summary = new RefusalSummary(1);
    const told = Array.from({ length: 8 }, (_, index) =>
      summary.note({ service: 0, reason: 'time', source: v4(1), atMs: 500 + index }),
    );
    expect(told).toEqual([true, true, true, true, true, false, false, false]);
    expect(summary.dueAtMs).toBe(10_500);
    expect(summary.flush(10_500).map(({ source, count }) => [source, count])).toEqual([[v4(1), 3]]);
    expect(summary.dueAtMs).toBeUndefined();
    expect(summary.flush(10_501)).toEqual([]);
  });

  test('have their records while another service is flooded', () => {
    const summary = new RefusalSummary(1);
    for (let number = 0; number < 50_000; number++)
      summary.note({ service: 0, reason: 'address', source: v4(number), atMs: 0 });
    expect(summary.note({ service: 1, reason: 'address', source: v4(7), atMs: 1 })).toBe(true);
    expect(summary.note({ service: 0, reason: 'banned', source: v4(7), atMs: 1 })).toBe(true);
  });

  test('keep their records, one a second of each service and reason, for as long as they come', () => {
    const summary = new RefusalSummary(1);
    let told = 0;
    for (let second = 0; second < 3600; second++) {
      const atMs = second * 1000;
      if (atMs >= (summary.dueAtMs ?? Number.POSITIVE_INFINITY)) expect(summary.flush(atMs)).toEqual([]);
      if (summary.note({ service: 0, reason: 'address', source: v4(second), atMs })) told++;
    }
    expect(told).toBe(3600);
  });

  test('are told in full again some time after a flood', () => {
    const summary = new RefusalSummary(1);
    const flood = (atMs: number) => {
      const flags = Array.from({ length: 500 }, (_, number) =>
        summary.note({ service: 0, reason: 'address', source: v4(number), atMs }),
      );
      summary.flush(atMs + 10_000);
      return flags.filter((it) => it).length;
    };
    expect([0, 10_000, 20_000, 30_000].map(flood)).toEqual([100, 50, 25, 16]);
    expect(flood(40_000 + 3_600_000)).toBe(100);
  });

  test('cost little when they are only counted (S118)', () => {
    const summary = new RefusalSummary(1);
    const sources = Array.from({ length: 65_536 }, (_, number) => v6(number));
    const startMs = performance.now();
    for (let index = 0; index < 1_000_000; index++)
      summary.note({ service: 0, reason: 'address', source: sources[index & 0xffff] ?? v4(0), atMs: index });
    expect(performance.now() - startMs).toBeLessThan(2000);
  });
});
