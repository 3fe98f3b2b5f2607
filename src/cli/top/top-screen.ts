import type { Status } from '../../control/messages.ts';
import { escapeText } from '../../model/escape.ts';
import { statusHead } from '../status-head.ts';
import { formatRate } from './format-rate.ts';
import { HELP } from './help.ts';
import { inColumns } from './in-columns.ts';
import { type Colour, paint } from './paint.ts';
import { type Rates, ratesBetween, sumOfRates } from './rates.ts';
import { TOP_COLUMNS } from './top-columns.ts';
import { topRows } from './top-rows.ts';
import { topTable } from './top-table.ts';
import type { View } from './view.ts';

export interface Screen {
  readonly columns: number;
  readonly rows: number;
  readonly hasColours: boolean;
}

export interface Samples {
  readonly now: Status;
  readonly before: Status | undefined;
  /** Why there is nothing newer. */
  readonly failure: string | undefined;
}

/** Of the daemon as a whole. */
const HEAD_ROWS = 4;
/** The titles, and the line at the bottom. */
const FRAME_ROWS = 2;
/** Where there is no room for so many services there is less of the head. */
const LEAST_TABLE_ROWS = 6;

function headRows(rows: number): number {
  return Math.max(1, Math.min(HEAD_ROWS, rows - FRAME_ROWS - LEAST_TABLE_ROWS));
}

/** How many services a screen of so many lines shows. */
export function tableRows(rows: number): number {
  return Math.max(0, rows - FRAME_ROWS - headRows(rows));
}

export function rateText(sum: Rates | undefined): string {
  const { started, refused, failed } = sum ?? {};
  return `per second: ${formatRate(started)} started, ${formatRate(refused)} refused, ${formatRate(failed)} failed`;
}

type Painted = (text: string, colour?: Colour) => string;

function headLines({ now, failure }: Samples, sum: Rates | undefined, painted: Painted): readonly string[] {
  const [first, second, third] = statusHead(now);
  const trouble = failure === undefined ? undefined : painted(`${failure}; trying again`, 'red');
  const reload = painted(third, now.lastReload?.outcome === 'failed' ? 'yellow' : 'plain');
  return [painted(first, 'bold'), trouble ?? reload, painted(second), painted(rateText(sum))];
}

function footer(view: View, shown: { readonly rows: number; readonly all: number }): string {
  if (view.mode === 'filter') return `filter by name: ${view.filter}_   Enter: keep it   Esc: none`;
  const { title, order } = TOP_COLUMNS[view.sort];
  const isHighFirst = order.isHighFirst !== view.isReversed;
  return [
    ...(view.isPaused ? ['PAUSED'] : []),
    'q quit, h help',
    `sort ${title}${isHighFirst ? ', highest first' : ', lowest first'}`,
    `${shown.rows} of ${shown.all} services${view.filter === '' ? '' : ` match "${view.filter}"`}`,
  ].join('   ');
}

/** All that `top` shows, as a function of what is known: as many lines as the screen has. */
export function topScreen(
  samples: Samples,
  { view, screen }: { readonly view: View; readonly screen: Screen },
): readonly string[] {
  const { columns, rows, hasColours } = screen;
  const rates = ratesBetween(samples.before, samples.now);
  const painted: Painted = (text, colour = 'plain') =>
    paint(inColumns(escapeText(text), { width: columns }).trimEnd(), { colour, hasColours });
  const services = topRows(samples.now, { rates, view });
  const [titles, ...table] = topTable(services, { columns, hasColours, sort: view.sort });
  const head = headLines(samples, sumOfRates(rates), painted).slice(0, headRows(rows));
  const body = view.mode === 'help' ? HELP.map((line) => painted(line)) : table.slice(view.offset);
  const filled = Array.from({ length: tableRows(rows) }, (_, index) => body[index] ?? '');
  const last = painted(footer(view, { rows: services.length, all: samples.now.services.length }), 'dim');
  return [...head, titles, ...filled, last].slice(0, rows);
}
