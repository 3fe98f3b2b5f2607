import { describe, expect, test } from 'vitest';
import type { ServiceState } from '../../src/events/service-state.ts';
import { type ExpositionFormat, expose } from '../../src/metrics/exposition.ts';
import { FAMILIES } from '../../src/metrics/families.ts';
import { BUCKETS } from '../../src/metrics/histogram.ts';
import { Meters } from '../../src/metrics/meters.ts';
import { ServiceMeter } from '../../src/metrics/service-meter.ts';
import type { MetricsView } from '../../src/metrics/view.ts';
import { seriesOf } from '../harness/scrape.ts';

const STATE: ServiceState = {
  ...{ running: 0, starting: 0, instances: Number.POSITIVE_INFINITY, suspension: undefined, listeners: [] },
  standing: 'enabled',
  counts: { started: 0, failed: 0, ended: 0, refused: 0, refusedFor: {} },
};

function viewOf(names: readonly string[], meters: Meters = new Meters()): MetricsView {
  return {
    ...{ version: '1.2.3', startedSeconds: 1, generation: 1, dispatcherRestarts: 0, sources: 0, bans: 0 },
    counts: meters.daemon,
    process: { loopDelay: { p50: 0, p99: 0, max: 0 }, cpuSeconds: 0, residentBytes: 0, heapBytes: 0 },
    services: names.map((name) => ({ name, state: STATE, meter: meters.of(name) ?? new ServiceMeter() })),
  };
}

async function piecesOf(view: MetricsView, format: ExpositionFormat = 'openmetrics') {
  const pieces: string[] = [];
  for await (const piece of expose(view, format)) pieces.push(piece);
  return pieces;
}

describe('an exposition', () => {
  test('has one head for each metric, however many pieces it is written in', async () => {
    const names = Array.from({ length: 1000 }, (_, index) => `s${index}`);
    const pieces = await piecesOf(viewOf(names));
    expect(pieces.length).toBeGreaterThan(FAMILIES.length);
    expect(Math.max(...pieces.map((piece) => piece.split('\n').length))).toBeLessThan(600);
    const text = pieces.join('');
    expect(text.match(/^# TYPE /gm)).toHaveLength(FAMILIES.length);
    expect(text).not.toContain('\n\n');
    expect(seriesOf(text).size).toBe((text.match(/^zinetd_/gm) ?? []).length);
    expect(seriesOf(text).get('zinetd_handlers_limit{service="s999"}')).toBe(Number.POSITIVE_INFINITY);
  });

  test('names counters as its format has them', async () => {
    const heads = async (format: ExpositionFormat) =>
      (await piecesOf(viewOf(['s']), format)).join('').match(/^# TYPE zinetd_started.*$/gm);
    expect(await heads('openmetrics')).toEqual(['# TYPE zinetd_started counter']);
    expect(await heads('text')).toEqual(['# TYPE zinetd_started_total counter']);
  });
});

describe('what is counted', () => {
  test('is of known services alone, and is forgotten with them', () => {
    const meters = new Meters();
    const started = (service: string) =>
      meters.take({
        ...{ type: 'started', service, pid: 1 },
        peer: { family: 4, bytes: new Uint8Array(4), port: 1, scopeId: 0 },
      });
    meters.keep(['a', 'b']);
    for (const service of ['a', 'b', 'b', 'stranger']) started(service);
    meters.keep(['b']);
    expect([meters.of('a'), meters.of('b')?.started, meters.of('stranger')]).toEqual([
      undefined,
      2,
      undefined,
    ]);
    meters.keep(['a', 'b']);
    expect(meters.of('a')?.started).toBe(0);
  });

  test('is in the bucket of its end, or of the first that is higher', () => {
    const meters = new Meters();
    meters.keep(['a']);
    for (const ms of [0.5, 0.6, 1000, 60_000]) meters.observe('a', { timed: 'launch', ms });
    const histogram = meters.of('a')?.durations.launch;
    const counts = histogram?.cumulative();
    expect(counts?.[0]).toBe(1);
    expect(counts?.[BUCKETS.indexOf(0.001)]).toBe(2);
    expect(counts?.[BUCKETS.indexOf(1)]).toBe(3);
    expect(counts?.at(-1)).toBe(4);
    expect(histogram?.sum).toBeCloseTo(61.0011);
  });
});
