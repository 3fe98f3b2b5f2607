/** What a document allows in the name of a service, made of `text`; `most` leaves room for an ending. */
export function baseName(text: string, most: number): string {
  const allowed = text
    .slice(0, most)
    .replace(/[^A-Za-z0-9_.+-]/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '');
  return allowed === '' ? 'service' : allowed;
}
