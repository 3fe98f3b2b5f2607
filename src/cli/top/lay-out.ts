import { type ColumnKey, TOP_COLUMNS } from './top-columns.ts';

export interface Placed {
  readonly key: ColumnKey;
  readonly width: number;
}

/** What one can do without leaves first, as the screen gets narrower: the last of these. */
const BY_IMPORTANCE: readonly ColumnKey[] = [
  ...(['service', 'state', 'handlers', 'startRate', 'refuseRate', 'failRate', 'why'] as const),
  ...(['refused', 'failed', 'started', 'bar'] as const),
];
const GAP = 1;
const LEAST_REASON = 14;

interface Chosen {
  readonly keys: ReadonlySet<ColumnKey>;
  /** What they leave. */
  readonly spare: number;
}

function chosen(columns: number): Chosen {
  const keys = new Set<ColumnKey>();
  let spare = columns + GAP;
  for (const key of BY_IMPORTANCE) {
    const width = TOP_COLUMNS[key].width + GAP;
    if (width > spare) break;
    keys.add(key);
    spare -= width;
  }
  return { keys, spare };
}

/** Names are worth more than reasons: what a reason can do without is theirs. */
function shares({ keys, spare }: Chosen, longestName: number): Partial<Record<ColumnKey, number>> {
  const least = TOP_COLUMNS.service.width;
  const both = least + spare + (keys.has('why') ? TOP_COLUMNS.why.width - LEAST_REASON : 0);
  const service = Math.max(least, Math.min(longestName, both));
  return { service, why: LEAST_REASON + both - service };
}

/** Which columns of the table a screen of so many has, from left to right, and how wide they are. */
export function layOut(columns: number, longestName: number): readonly Placed[] {
  const all = chosen(columns);
  if (!all.keys.has('service')) return [{ key: 'service', width: columns }];
  const elastic = shares(all, longestName);
  return (Object.keys(TOP_COLUMNS) as ColumnKey[])
    .filter((key) => all.keys.has(key))
    .map((key) => ({ key, width: elastic[key] ?? TOP_COLUMNS[key].width }));
}
