import { loadavg } from 'node:os';

/** The kernel makes it anew every five seconds. */
const FRESH_MS = 1000;

/** The load average of one minute, looked at once a second at the most. */
export function loadAverage(): () => number {
  let atMs = Number.NEGATIVE_INFINITY;
  let load = 0;
  return () => {
    const nowMs = performance.now();
    if (nowMs - atMs < FRESH_MS) return load;
    atMs = nowMs;
    load = loadavg()[0] ?? 0;
    return load;
  };
}
