import { createHash } from 'node:crypto';
import type { Host } from './host.ts';

/** The range of systemd's DynamicUser=, which distributions keep free for such. */
const FIRST = 61_184;
const COUNT = 65_519 - FIRST + 1;

/**
 * A uid for a service of this name: the same at every start as long as the same services ask in the same order, nobody's
 * else, and none that is taken. Undefined where all are.
 */
export function chooseDynamicUser(
  name: string,
  { host, taken }: { readonly host: Host; readonly taken: ReadonlySet<number> },
): number | undefined {
  const first = createHash('sha256').update(name).digest().readUInt32LE(0) % COUNT;
  for (let step = 0; step < COUNT; step++) {
    const uid = FIRST + ((first + step) % COUNT);
    const isOurs = uid === host.dispatcherUid || uid === host.resolverUid;
    if (!isOurs && !taken.has(uid) && host.findUserById(uid) === undefined) return uid;
  }
  return undefined;
}
