import { get } from 'node:http';
import { seriesOf } from '../harness/scrape.ts';

type Series = ReadonlyMap<string, number>;

/** The metrics of a daemon; of this one nothing is left when the test is long. */
export function readMetrics(port: number): Promise<Series> {
  return new Promise((resolve, reject) => {
    const request = get({ host: '127.0.0.1', port, path: '/metrics', agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (piece: string) => {
        text += piece;
      });
      response.on('end', () => resolve(seriesOf(text)));
    });
    request.on('error', reject);
  });
}

/** All series of a metric together, of one service or of all. */
export function sumOf(series: Series, metric: string, service?: string): number {
  const wanted = service === undefined ? '' : `service="${service}"`;
  let sum = 0;
  for (const [name, value] of series) {
    const isMetric = name === metric || name.startsWith(`${metric}{`);
    if (isMetric && name.includes(wanted)) sum += value;
  }
  return sum;
}

/** Of connections: those that were accepted, and what became of them. */
export interface Account {
  readonly started: number;
  readonly refused: number;
  readonly failed: number;
  readonly exited: number;
  readonly running: number;
  /** Datagrams that were taken out for nobody. */
  readonly dropped: number;
}

export function accountOf(series: Series, service?: string): Account {
  const of = (name: string): number => sumOf(series, `zinetd_${name}`, service);
  return {
    ...{ started: of('started_total'), refused: of('refused_total'), failed: of('failed_total') },
    ...{ exited: of('exited_total'), running: of('handlers') + of('handlers_starting') },
    dropped: of('datagrams_dropped_total'),
  };
}

/** How late the dispatcher came to what it had to do, since it was asked the last time. */
export function delayOf(series: Series): { readonly p99Ms: number; readonly maxMs: number } {
  const of = (stat: string): number =>
    (series.get(`zinetd_event_loop_delay_seconds{stat="${stat}"}`) ?? 0) * 1000;
  return { p99Ms: of('p99'), maxMs: of('max') };
}
