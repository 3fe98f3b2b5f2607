import { escapeUnprintable } from '../config/quote.ts';

/** Text of the daemon for a terminal: of what a terminal could act on, ends of lines only are left. */
export function printable(text: string): string {
  return text.split('\n').map(escapeUnprintable).join('\n');
}
