import type { ReloadChanges } from '../events/event.ts';

const MOST_NAMES = 5;

function named(verb: string, names: readonly string[]): string | undefined {
  if (names.length === 0) return undefined;
  const more = names.length - MOST_NAMES;
  return `${verb} ${names.slice(0, MOST_NAMES).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** What a reload did to services; empty for nothing. */
export function describeChanges({ added, removed, changed }: ReloadChanges): string {
  const parts = [named('added', added), named('removed', removed), named('changed', changed)];
  return parts
    .filter((part) => part !== undefined)
    .map((part) => `; ${part}`)
    .join('');
}
