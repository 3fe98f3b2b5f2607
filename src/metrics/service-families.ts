import { LISTENER_WORDS, listenerWord } from '../events/listener-word.ts';
import { REFUSAL_REASONS } from '../model/refusal-reason.ts';
import type { Family, Sample } from './family.ts';
import { BUCKETS } from './histogram.ts';
import { EXIT_CLASSES, type Timed } from './service-meter.ts';
import type { ServiceView } from './view.ts';

type ServiceFamily = Extract<Family, { readonly of: 'service' }>;

const DURATIONS: Readonly<Record<Timed, { readonly name: string; readonly help: string }>> = {
  launch: {
    name: 'zinetd_launch_seconds',
    help: 'Time from the decision to admit a client until its handler ran.',
  },
  decision: {
    name: 'zinetd_decision_wait_seconds',
    help: 'Time that a client waited for names, ident or a decide program, of those who had to.',
  },
  hold: {
    name: 'zinetd_queue_hold_seconds',
    help: 'Time that a limit with the policy queue left clients in the queue of the kernel: the longest wait of any of them.',
  },
};

/** Nothing for a service that never had any: 1,000 services have no use for 17,000 zeros. */
function histogramOf({ name, meter }: ServiceView, timed: Timed): readonly Sample[] {
  const histogram = meter.durations[timed];
  const counts = histogram.cumulative();
  const total = counts.at(-1) ?? 0;
  if (total === 0) return [];
  const labels = { service: name };
  const ends = [...BUCKETS.map(String), '+Inf'];
  return [
    ...counts.map((value, index): Sample => {
      return { labels: { service: name, le: ends[index] ?? '' }, value, suffix: '_bucket' };
    }),
    { labels, value: histogram.sum, suffix: '_sum' },
    { labels, value: total, suffix: '_count' },
  ];
}

function one({ name: service }: ServiceView, value: number): readonly Sample[] {
  return [{ labels: { service }, value }];
}

function listenersOf({ name: service, state }: ServiceView): readonly Sample[] {
  const states = state.listeners.map(listenerWord);
  return LISTENER_WORDS.map((each) => ({
    labels: { service, state: each },
    value: states.filter((it) => it === each).length,
  }));
}

/** Those that there have been: fourteen zeros for each service would be told at each scrape. */
function refusalsOf({ name: service, state }: ServiceView): readonly Sample[] {
  return REFUSAL_REASONS.map((reason) => ({
    labels: { service, reason },
    value: state.counts.refusedFor[reason] ?? 0,
  })).filter(({ value }) => value > 0);
}

/** What there is to tell of each service. */
export const SERVICE_FAMILIES: readonly ServiceFamily[] = [
  {
    ...{ name: 'zinetd_started', type: 'counter', of: 'service' },
    help: 'Clients that were admitted and got a handler, or a service of zinetd itself.',
    samples: (view) => one(view, view.meter.started),
  },
  {
    ...{ name: 'zinetd_refused', type: 'counter', of: 'service' },
    help: 'Clients that were refused, by the reason.',
    samples: refusalsOf,
  },
  {
    ...{ name: 'zinetd_failed', type: 'counter', of: 'service' },
    help: 'Clients that were admitted and got no handler, by the step that failed.',
    samples: ({ name: service, meter }) =>
      Array.from(meter.failed, ([step, value]) => ({ labels: { service, step }, value })),
  },
  {
    ...{ name: 'zinetd_exited', type: 'counter', of: 'service' },
    help: 'Handlers that ended: with status 0 (success), another one (failure), by a signal; ended is what zinetd serves itself.',
    samples: ({ name: service, meter }) =>
      EXIT_CLASSES.map((status) => ({ labels: { service, status }, value: meter.exited[status] })),
  },
  {
    ...{ name: 'zinetd_datagrams_dropped', type: 'counter', of: 'service' },
    help: 'Datagrams that were taken out of a socket for nobody.',
    samples: (view) => one(view, view.meter.datagramsDropped),
  },
  {
    ...{ name: 'zinetd_handlers', type: 'gauge', of: 'service' },
    help: 'Handlers that run, and connections that zinetd serves itself.',
    samples: (view) => one(view, view.state.running),
  },
  {
    ...{ name: 'zinetd_handlers_starting', type: 'gauge', of: 'service' },
    help: 'Handlers that are being launched.',
    samples: (view) => one(view, view.state.starting),
  },
  {
    ...{ name: 'zinetd_handlers_limit', type: 'gauge', of: 'service' },
    help: 'Handlers that the service may have at once (instances); +Inf for any number.',
    samples: (view) => one(view, view.state.instances),
  },
  {
    ...{ name: 'zinetd_listeners', type: 'gauge', of: 'service' },
    help: 'Sockets of the service: open, paused (not accepted from at the moment), or failed (not open).',
    samples: listenersOf,
  },
  {
    ...{ name: 'zinetd_suspended', type: 'gauge', of: 'service' },
    help: 'Whether a limit with the policy suspend keeps the service from accepting.',
    samples: (view) => one(view, view.state.suspension ? 1 : 0),
  },
  ...(Object.keys(DURATIONS) as Timed[]).map((timed): ServiceFamily => {
    const { name, help } = DURATIONS[timed];
    return { name, help, type: 'histogram', of: 'service', samples: (view) => histogramOf(view, timed) };
  }),
];
