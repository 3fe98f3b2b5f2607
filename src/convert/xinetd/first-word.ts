import type { Word, XinetdEntry } from './entry.ts';

/** The value of an attribute that has one; undefined where it is not set. */
export function firstWord({ attributes }: XinetdEntry, name: string): Word | undefined {
  return attributes.get(name)?.values[0];
}
