import type { ServiceState } from '../../control/messages.ts';
import { escapeText } from '../../model/escape.ts';
import { formatCount } from '../format-count.ts';
import { handlersOf, whyOf } from '../service-words.ts';
import { formatRate } from './format-rate.ts';
import type { Colour } from './paint.ts';
import type { TopRow } from './top-row.ts';

export interface Cell {
  readonly text: string;
  readonly colour?: Colour | undefined;
}

export interface TopColumn {
  readonly title: string;
  readonly align: 'left' | 'right';
  readonly width: number;
  cell(row: TopRow): Cell;
  /** What rows are sorted by. `isHighFirst`: which end is looked for. */
  readonly order: { readonly isHighFirst: boolean; value(row: TopRow): number | string };
}

const BAR_COLUMNS = 10;

const STATE_COLOURS: Readonly<Record<ServiceState, Colour>> = {
  ...{ failed: 'red', suspended: 'yellow', paused: 'yellow' },
  ...{ disabled: 'cyan', draining: 'cyan', serving: 'plain' },
};

/** What is worst, first. */
const STATES_BY_HARM: readonly ServiceState[] = [
  ...(['failed', 'suspended', 'paused', 'draining', 'disabled', 'serving'] as const),
];

function rateColumn(title: string, name: 'started' | 'refused' | 'failed', colour: Colour): TopColumn {
  return {
    ...{ title, align: 'right', width: title.length },
    cell: ({ rates }) => ({ text: formatRate(rates?.[name]), colour: rates?.[name] ? colour : 'plain' }),
    order: { isHighFirst: true, value: ({ rates }) => rates?.[name] ?? -1 },
  };
}

function countColumn(title: string, name: 'started' | 'refused' | 'failed'): TopColumn {
  return {
    ...{ title, align: 'right', width: 8 },
    cell: ({ service }) => ({ text: formatCount(service.counts[name]) }),
    order: { isHighFirst: true, value: ({ service }) => service.counts[name] },
  };
}

/** Of as many handlers as it may have; 0 where there is no limit. */
function shareOf({ service: { running, starting, instances } }: TopRow): number {
  return instances === null || instances === 0 ? 0 : Math.min(1, (running + starting) / instances);
}

/** `#####-----`. */
function barOf(row: TopRow): Cell {
  if (row.service.instances === null) return { text: '' };
  const share = shareOf(row);
  const full = Math.ceil(share * BAR_COLUMNS);
  return { text: '#'.repeat(full).padEnd(BAR_COLUMNS, '-'), colour: share === 1 ? 'red' : 'plain' };
}

export type ColumnKey =
  | 'service'
  | 'state'
  | 'handlers'
  | 'bar'
  | 'startRate'
  | 'refuseRate'
  | 'failRate'
  | 'started'
  | 'refused'
  | 'failed'
  | 'why';

/** As they stand on the screen, from left to right. The widths of the first and of the last are the least. */
export const TOP_COLUMNS: Readonly<Record<ColumnKey, TopColumn>> = {
  service: {
    ...{ title: 'SERVICE', align: 'left', width: 8 },
    cell: ({ service }) => ({ text: escapeText(service.name) }),
    order: { isHighFirst: false, value: ({ service }) => service.name },
  },
  state: {
    ...{ title: 'STATE', align: 'left', width: 9 },
    cell: ({ service: { state } }) => ({ text: state, colour: STATE_COLOURS[state] }),
    order: { isHighFirst: false, value: ({ service }) => STATES_BY_HARM.indexOf(service.state) },
  },
  handlers: {
    ...{ title: 'HANDLERS', align: 'right', width: 11 },
    cell: ({ service }) => ({ text: handlersOf(service) }),
    order: { isHighFirst: true, value: ({ service }) => service.running + service.starting },
  },
  bar: {
    ...{ title: 'OF ALL', align: 'left', width: BAR_COLUMNS, cell: barOf },
    order: { isHighFirst: true, value: shareOf },
  },
  startRate: rateColumn('START/S', 'started', 'plain'),
  refuseRate: rateColumn('REFUSE/S', 'refused', 'yellow'),
  failRate: rateColumn('FAIL/S', 'failed', 'red'),
  started: countColumn('STARTED', 'started'),
  refused: countColumn('REFUSED', 'refused'),
  failed: countColumn('FAILED', 'failed'),
  why: {
    ...{ title: 'WHY', align: 'left', width: 24 },
    cell: ({ service }) => ({ text: escapeText(whyOf(service)) }),
    order: { isHighFirst: true, value: ({ service }) => whyOf(service) },
  },
};
