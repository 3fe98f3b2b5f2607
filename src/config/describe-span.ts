import type { Span } from './diagnostic.ts';
import { escapeUnprintable } from './quote.ts';

/** `/etc/zinetd/zinetd.yaml:14:3`, or the file alone. */
export function describeSpan({ file, range }: Span): string {
  const name = escapeUnprintable(file);
  return range ? `${name}:${range.line}:${range.column}` : name;
}
