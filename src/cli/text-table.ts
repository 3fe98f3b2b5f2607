export interface TableColumn {
  readonly title: string;
  readonly align: 'left' | 'right';
}

const GAP = '  ';

function pad(
  text: string,
  { width, align }: { readonly width: number; readonly align: 'left' | 'right' },
): string {
  return align === 'left' ? text.padEnd(width) : text.padStart(width);
}

/** Lines of one width for each column, the titles first; nothing stands at the end of a line that could not be seen. */
export function textTable(
  columns: readonly TableColumn[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  const all = [columns.map(({ title }) => title), ...rows];
  const widths = columns.map((_, index) => Math.max(...all.map((row) => row[index]?.length ?? 0)));
  const cell = (text: string, index: number): string =>
    pad(text, { width: widths[index] ?? 0, align: columns[index]?.align ?? 'left' });
  return all.map((row) => row.map(cell).join(GAP).trimEnd());
}
