import type { World } from './world.ts';

/** Clients wait no longer than this. */
const TURN_MS = 4;

/**
 * Does the steps of some work in turns, with everybody else between them, and calls back with what came of it; gives
 * the function that calls it off.
 */
export function inTurns<T>(
  work: Generator<void, T>,
  { world, done }: { readonly world: Pick<World, 'nowMs' | 'after'>; readonly done: (result: T) => void },
): () => void {
  let callOff = (): void => {};
  const turn = (): void => {
    const endMs = world.nowMs() + TURN_MS;
    do {
      const step = work.next();
      if (step.done) {
        done(step.value);
        return;
      }
    } while (world.nowMs() < endMs);
    callOff = world.after(0, turn);
  };
  turn();
  return () => callOff();
}
