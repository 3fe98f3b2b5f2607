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

function chosen(columns: number): { readonly keys: ReadonlySet<ColumnKey>; readonly spare: number } {
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

/** Which columns of the table a screen of so many has, from left to right, and how wide they are. */
export function layOut(columns: number, longestName: number): readonly Placed[] {
  const { keys, spare } = chosen(columns);
  if (!keys.has('service')) return [{ key: 'service', width: columns }];
  const name = Math.min(spare, Math.max(0, longestName - TOP_COLUMNS.service.width));
  const more: Partial<Record<ColumnKey, number>> = { service: name, why: spare - name };
  return (Object.keys(TOP_COLUMNS) as ColumnKey[])
    .filter((key) => keys.has(key))
    .map((key) => ({ key, width: TOP_COLUMNS[key].width + (more[key] ?? 0) }));
}
