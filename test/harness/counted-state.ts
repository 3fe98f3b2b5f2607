import { expect } from 'vitest';
import type { LogRecord, LogRecords } from './log-records.ts';
import { countFailures, isFailureReason } from './summed-records.ts';
import { until } from './until.ts';

/** What the dispatcher has counted of the clients of a service. */
export interface CountedService {
  readonly service: string;
  readonly running: number;
  readonly starting: number;
  readonly started: number;
  readonly failed: number;
  readonly ended: number;
  readonly refused: number;
}

interface Asked {
  readonly log: LogRecords;
  signal(name: NodeJS.Signals): void;
}

const TOLD_WITHIN_MS = 10_000;

function stateIn(records: readonly LogRecord[]): readonly LogRecord[] | undefined {
  const at = records.findIndex(({ event }) => event === 'state');
  const told = records.slice(at + 1).filter(({ event }) => event === 'service-state');
  return at >= 0 && told.length === records[at]?.['services'] ? told : undefined;
}

function countedOf(record: LogRecord): CountedService {
  const of = (key: string): number => Number(record[key]);
  return {
    service: record.service ?? '',
    ...{ running: of('running'), starting: of('starting') },
    ...{ started: of('started'), failed: of('failed'), ended: of('ended'), refused: of('refused') },
  };
}

/** Has it tell its state to the log (docs/reference/signals.md), and gives what it has counted. */
export async function askForState(daemon: Asked): Promise<readonly CountedService[]> {
  const before = daemon.log.all.length;
  daemon.signal('SIGUSR1');
  const what = 'the state is told';
  const told = await until(() => stateIn(daemon.log.all.slice(before)), { what, timeoutMs: TOLD_WITHIN_MS });
  return told.map(countedOf);
}

/** Who is still counted, by service. */
function openOf(services: readonly CountedService[], isFirst: boolean): readonly object[] {
  return services.flatMap(({ service, running, starting, started, ended }) => {
    // A dispatcher that came later counts the ends of those that an earlier one started.
    const open = isFirst ? started - ended : 0;
    return running === 0 && starting === 0 && open === 0 ? [] : [{ service, running, starting, open }];
  });
}

/** So many looks, a second apart: whoever came last may just be leaving. */
const LOOKS = 5;

/**
 * Nobody is counted as running or about to, and, with the dispatcher that was there from the first, whoever started has
 * ended (B1). Gives what is counted.
 */
export async function checkCounters(
  daemon: Asked,
  options: { readonly isFirst: boolean },
): Promise<readonly CountedService[]> {
  let counted = await askForState(daemon);
  for (let look = 1; look < LOOKS && openOf(counted, options.isFirst).length > 0; look++)
    counted = await askForState(daemon);
  expect(openOf(counted, options.isFirst), 'counters are back at 0 (B1)').toEqual([]);
  return counted;
}

/** Each client that was counted has its records, and no other client has any (B2). Floods of failures are summed up as those of refusals are. */
export function checkRecords(log: Pick<LogRecords, 'all'>, services: readonly CountedService[]): void {
  const told = services.map(({ service }) => {
    const own = log.all.filter((record) => record.service === service);
    const count = (type: string): number => own.filter(({ event }) => event === type).length;
    const summed = own
      .filter(({ event, reason }) => event === 'refused-more' && !isFailureReason(reason))
      .reduce((sum, record) => sum + Number(record['count']), 0);
    return {
      service,
      ...{ started: count('started'), failed: countFailures({ all: own }), ended: count('exited') },
      refused: count('refused') + summed,
    };
  });
  const counted = services.map(({ running: _, starting: __, ...rest }) => rest);
  expect(told, 'the log has those who were counted (B2)').toEqual(counted);
}
