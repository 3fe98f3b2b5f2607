import type { Sample } from './gauges.ts';
import { slopeOf } from './trend.ts';

interface Trend {
  readonly rssKib: number;
  readonly pssKib: number;
  readonly descriptors: number;
}

export type Trends = Readonly<Record<'spawner' | 'dispatcher' | 'resolver', Trend>> & {
  readonly slab: Readonly<Record<string, number>>;
};

/** How much more there is for a million connections. */
export function trendsOf(samples: readonly Sample[]): Trends {
  const perMillion = (value: (sample: Sample) => number | undefined): number =>
    1e6 * slopeOf(samples.map((sample) => [sample.connections, value(sample) ?? Number.NaN] as const));
  const ofProcess = (name: 'spawner' | 'dispatcher' | 'resolver'): Trend => ({
    rssKib: perMillion(({ processes }) => processes[name]?.rssKib),
    pssKib: perMillion(({ processes }) => processes[name]?.pssKib),
    descriptors: perMillion(({ processes }) => processes[name]?.descriptors),
  });
  const caches = Object.keys(samples[0]?.slab ?? {});
  return {
    ...{
      spawner: ofProcess('spawner'),
      dispatcher: ofProcess('dispatcher'),
      resolver: ofProcess('resolver'),
    },
    slab: Object.fromEntries(caches.map((name) => [name, perMillion(({ slab }) => slab[name])])),
  };
}
