let count = 0;

/** A loopback address that no client of this process had: of few clients with an address each every one has a record of its own. */
export function newcomer(): string {
  count++;
  return `127.8.${count >> 8}.${count & 255}`;
}
