import type { MetricsView, ServiceView } from './view.ts';

export type Labels = Readonly<Record<string, string>>;

/** One number, and what it is of; `suffix` makes the series of a histogram. */
export interface Sample {
  readonly labels: Labels;
  readonly value: number;
  readonly suffix?: '_bucket' | '_sum' | '_count';
}

interface Named {
  /** Without the `_total` of a counter. */
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
}

/** A metric, and where its numbers are: once for the daemon, or for each service, which is a label then. */
export type Family = Named &
  (
    | { readonly of: 'daemon'; readonly samples: (view: MetricsView) => readonly Sample[] }
    | { readonly of: 'service'; readonly samples: (view: ServiceView) => readonly Sample[] }
  );
