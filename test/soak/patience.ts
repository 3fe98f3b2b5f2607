const TICK_MS = 500;

/**
 * Calls back after so long, in ticks that are counted: a machine on which everything stood still for a while has taken
 * none of it. Gives how to call it off.
 */
export function after(ms: number, callback: () => void): () => void {
  let left = Math.max(1, Math.round(ms / TICK_MS));
  const timer = setInterval(() => {
    if (--left > 0) return;
    clearInterval(timer);
    callback();
  }, TICK_MS);
  return () => clearInterval(timer);
}
