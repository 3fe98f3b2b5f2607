import type { Difference } from '../../config/compare-resolutions.ts';
import { escapeUnprintable, quote } from '../../config/quote.ts';

function show(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}

function describe({ service, attribute, left, right }: Difference): string {
  const subject = service === undefined ? 'daemon' : `service ${quote(service)}`;
  if (attribute !== undefined) return `${subject}, ${attribute}: ${show(left)} became ${show(right)}`;
  return `${subject}: only in the ${left === undefined ? 'second' : 'first'}`;
}

/** A line for each; empty for none. */
export function renderDifferences(differences: readonly Difference[]): string {
  return differences.map((difference) => `${escapeUnprintable(describe(difference))}\n`).join('');
}
