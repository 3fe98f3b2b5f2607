import type { Family, Sample } from './family.ts';
import type { MetricsView } from './view.ts';

type DaemonFamily = Extract<Family, { readonly of: 'daemon' }>;

function one(value: number): readonly Sample[] {
  return [{ labels: {}, value }];
}

function loopDelayOf({ process: { loopDelay } }: MetricsView): readonly Sample[] {
  return (['p50', 'p99', 'max'] as const).map((stat) => ({ labels: { stat }, value: loopDelay[stat] }));
}

/** What there is to tell once. */
export const DAEMON_FAMILIES: readonly DaemonFamily[] = [
  {
    ...{ name: 'zinetd_build_info', type: 'gauge', of: 'daemon' },
    help: 'Always 1; the label is the version that runs.',
    samples: ({ version }) => [{ labels: { version }, value: 1 }],
  },
  {
    ...{ name: 'zinetd_dispatcher_start_time_seconds', type: 'gauge', of: 'daemon' },
    help: 'When the dispatcher, which counts all this, was started, since the epoch.',
    samples: ({ startedSeconds }) => one(startedSeconds),
  },
  {
    ...{ name: 'zinetd_dispatcher_restarts', type: 'counter', of: 'daemon' },
    help: 'How often the dispatcher was started again.',
    samples: ({ dispatcherRestarts }) => one(dispatcherRestarts),
  },
  {
    ...{ name: 'zinetd_resolver_restarts', type: 'counter', of: 'daemon' },
    help: 'How often the resolver was started again.',
    samples: ({ counts }) => one(counts.resolverRestarts),
  },
  {
    ...{ name: 'zinetd_services', type: 'gauge', of: 'daemon' },
    help: 'Services of the configuration.',
    samples: ({ services }) => one(services.length),
  },
  {
    ...{ name: 'zinetd_generation', type: 'gauge', of: 'daemon' },
    help: 'How many launch tables there have been.',
    samples: ({ generation }) => one(generation),
  },
  {
    ...{ name: 'zinetd_reloads', type: 'counter', of: 'daemon' },
    help: 'Reloads of the configuration, by what came of them.',
    samples: ({ counts }) => [
      { labels: { outcome: 'reloaded' }, value: counts.reloaded },
      { labels: { outcome: 'failed' }, value: counts.reloadFailed },
    ],
  },
  {
    ...{ name: 'zinetd_bans', type: 'gauge', of: 'daemon' },
    help: 'Bans in force.',
    samples: ({ bans }) => one(bans),
  },
  {
    ...{ name: 'zinetd_sources', type: 'gauge', of: 'daemon' },
    help: 'Sources of whom something is known.',
    samples: ({ sources }) => one(sources),
  },
  {
    ...{ name: 'zinetd_sources_untracked', type: 'counter', of: 'daemon' },
    help: 'Clients that found no place in the table of sources, as far as the log was told.',
    samples: ({ counts }) => one(counts.sourcesUntracked),
  },
  {
    ...{ name: 'zinetd_log_records_lost', type: 'counter', of: 'daemon' },
    help: 'Records that no log has got, since its reader stalled or its disk was full.',
    samples: ({ counts }) => one(counts.recordsLost),
  },
  {
    ...{ name: 'zinetd_event_loop_delay_seconds', type: 'gauge', of: 'daemon' },
    help: 'How late the dispatcher came to what it had to do, since the scrape before.',
    samples: loopDelayOf,
  },
  {
    ...{ name: 'zinetd_dispatcher_cpu_seconds', type: 'counter', of: 'daemon' },
    help: 'Time of the processor that the dispatcher has used.',
    samples: ({ process }) => one(process.cpuSeconds),
  },
  {
    ...{ name: 'zinetd_dispatcher_resident_bytes', type: 'gauge', of: 'daemon' },
    help: 'Resident memory of the dispatcher.',
    samples: ({ process }) => one(process.residentBytes),
  },
  {
    ...{ name: 'zinetd_dispatcher_heap_bytes', type: 'gauge', of: 'daemon' },
    help: 'Memory of the dispatcher that JavaScript objects have.',
    samples: ({ process }) => one(process.heapBytes),
  },
];
