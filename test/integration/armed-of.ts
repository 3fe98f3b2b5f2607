import { childrenOf, commandLineOf } from '../harness/processes.ts';

/** Children of the spawner that have executed nothing yet: they are in its memory, and wait for a connection. */
export function armedOf(spawner: number): readonly number[] {
  const own = commandLineOf(spawner).join(' ');
  return childrenOf(spawner).filter((pid) => commandLineOf(pid).join(' ') === own);
}
