/** Text in just so many columns; a `+` where some of it did not fit. */
export function inColumns(
  text: string,
  { width, align = 'left' }: { readonly width: number; readonly align?: 'left' | 'right' },
): string {
  if (text.length > width) return width < 1 ? '' : `${text.slice(0, width - 1)}+`;
  return align === 'left' ? text.padEnd(width) : text.padStart(width);
}
