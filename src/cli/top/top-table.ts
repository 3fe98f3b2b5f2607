import { inColumns } from './in-columns.ts';
import { layOut, type Placed } from './lay-out.ts';
import { paint } from './paint.ts';
import { type ColumnKey, TOP_COLUMNS } from './top-columns.ts';
import type { TopRow } from './top-row.ts';

interface TableOptions {
  readonly columns: number;
  readonly hasColours: boolean;
  /** The column that is marked. */
  readonly sort: ColumnKey;
}

function cellLine(placed: readonly Placed[], row: TopRow, hasColours: boolean): string {
  const cells = placed.map(({ key, width }) => {
    const column = TOP_COLUMNS[key];
    const { text, colour = 'plain' } = column.cell(row);
    return paint(inColumns(text, { width, align: column.align }), { colour, hasColours });
  });
  return cells.join(' ').trimEnd();
}

function titleLine(placed: readonly Placed[], { columns, hasColours, sort }: TableOptions): string {
  const titles = placed.map(({ key, width }) => {
    const text = inColumns(TOP_COLUMNS[key].title, { width, align: TOP_COLUMNS[key].align });
    return { text, isSorted: key === sort };
  });
  if (!hasColours)
    return titles
      .map(({ text }) => text)
      .join(' ')
      .trimEnd();
  const line = titles.map(({ text, isSorted }) => (isSorted ? `\x1b[1m${text}\x1b[22m` : text)).join(' ');
  const width = titles.reduce((sum, { text }) => sum + text.length + 1, -1);
  return paint(`${line}${' '.repeat(Math.max(0, columns - width))}`, { colour: 'reverse', hasColours });
}

/** The titles, then a line for each row; none is wider than the screen. */
export function topTable(rows: readonly TopRow[], options: TableOptions): readonly [string, ...string[]] {
  const longest = Math.max(0, ...rows.map((row) => TOP_COLUMNS.service.cell(row).text.length));
  const placed = layOut(options.columns, longest);
  return [titleLine(placed, options), ...rows.map((row) => cellLine(placed, row, options.hasColours))];
}
