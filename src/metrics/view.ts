import type { ServiceState } from '../events/service-state.ts';
import type { DaemonCounts } from './meters.ts';
import type { ServiceMeter } from './service-meter.ts';

/** One service of the configuration at the moment of a scrape. */
export interface ServiceView {
  readonly name: string;
  readonly state: ServiceState;
  readonly meter: ServiceMeter;
}

/** The dispatcher's own process. */
export interface ProcessView {
  /** In seconds; of the time since the scrape before. */
  readonly loopDelay: { readonly p50: number; readonly p99: number; readonly max: number };
  readonly cpuSeconds: number;
  readonly residentBytes: number;
  readonly heapBytes: number;
}

/** All that a scrape tells of, gathered at one moment. */
export interface MetricsView {
  readonly version: string;
  /** Since the epoch. */
  readonly startedSeconds: number;
  readonly generation: number;
  readonly dispatcherRestarts: number;
  readonly sources: number;
  readonly bans: number;
  readonly counts: Readonly<DaemonCounts>;
  readonly process: ProcessView;
  readonly services: readonly ServiceView[];
}
