/** What `docs/reference/logs.md` tells a reader of the text format to do: the way back from `\xNN` and `\\`. */
export function unescapeText(text: string): string {
  const bytes = text.replace(/\\(?:\\|x([0-9a-f]{2}))/g, (_match, hex?: string) =>
    hex === undefined ? '\\' : String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
