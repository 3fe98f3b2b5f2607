import { InvariantError } from './errors.ts';

/** What the caller knows to be there; a negative index counts from the end. */
export function itemAt<Item>(items: ArrayLike<Item>, index: number): Item {
  const item = items[index < 0 ? items.length + index : index];
  if (item === undefined) throw new InvariantError(`Found nothing at ${index} of ${items.length}`);
  return item;
}
