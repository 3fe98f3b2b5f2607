/** 2 ** 13 times 2 ** 40 are the safe integers. */
const IDS_OF_ONE = 2 ** 40;
const DISPATCHERS = 2 ** 13;

/** Numbers connections without meeting a number of an earlier dispatcher, whose handlers may still run. */
export function connectionIds(dispatchers: number): () => number {
  let next = (dispatchers % DISPATCHERS) * IDS_OF_ONE;
  return () => next++;
}
