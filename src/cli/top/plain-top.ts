import type { ControlFailure } from '../../control/control-failure.ts';
import type { Status } from '../../control/messages.ts';
import { printOut } from '../print.ts';
import { printable } from '../printable.ts';
import { startTimer } from '../start-timer.ts';
import { statusHead } from '../status-head.ts';
import { ratesBetween, sumOfRates } from './rates.ts';
import type { Sampler } from './sampler.ts';
import type { TopOptions } from './top-options.ts';
import { topRows } from './top-rows.ts';
import { rateText } from './top-screen.ts';
import { topTable } from './top-table.ts';
import type { View } from './view.ts';

/** So that every column is there, and no reason is cut. */
const PLAIN_COLUMNS = 250;

function block({ now, before }: { now: Status; before: Status | undefined }, view: View): string {
  const rates = ratesBetween(before, now);
  const [first, second, third] = statusHead(now);
  const table = topTable(topRows(now, { rates, view }), {
    ...{ columns: PLAIN_COLUMNS, hasColours: false, sort: view.sort },
  });
  const head = [first, third, second, rateText(sumOfRates(rates))].map(printable);
  return [...head, ...table, ''].map((line) => `${line}\n`).join('');
}

function pause(durationMs: number): Promise<void> {
  return new Promise((resolve) => {
    startTimer(durationMs, resolve);
  });
}

/** `top` into a pipe or file: a table each interval, as vmstat does, until the reader or the daemon goes. */
export async function plainTop(
  sampler: Sampler,
  { first, count, intervalMs, view }: TopOptions & { readonly first: Status },
): Promise<ControlFailure | undefined> {
  let samples: { now: Status; before: Status | undefined } = { now: first, before: undefined };
  for (let taken = 1; printOut(block(samples, view)) && (count === undefined || taken < count); taken++) {
    await pause(intervalMs);
    const answer = await sampler.take();
    if (answer.kind === 'failure') return answer.failure;
    samples = { now: answer.result, before: samples.now };
  }
  return undefined;
}
