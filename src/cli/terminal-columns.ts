import { isatty, WriteStream } from 'node:tty';

const STDOUT = 1;
const USUAL = 80;

/** How wide standard output is, and 80 where it is no terminal. */
export function terminalColumns(): number {
  if (!isatty(STDOUT)) return USUAL;
  // The stream opens the terminal anew, so that no flag of the descriptor that others share changes (S16).
  const { columns } = new WriteStream(STDOUT);
  return columns > 0 ? columns : USUAL;
}
