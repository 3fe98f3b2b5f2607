/** Of a terminal; `plain` is as it is. */
const CODES = { plain: '', bold: '1', dim: '2', reverse: '7', red: '31', yellow: '33', cyan: '36' } as const;

export type Colour = keyof typeof CODES;

/** Text that has its width already, in a colour where the terminal has any. */
export function paint(
  text: string,
  { colour, hasColours }: { readonly colour: Colour; readonly hasColours: boolean },
): string {
  if (!hasColours || colour === 'plain' || text === '') return text;
  return `\x1b[${CODES[colour]}m${text}\x1b[0m`;
}
