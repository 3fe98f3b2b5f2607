const STREAMS = ['stdout', 'stderr'] as const;
const STAND_IN = { isTTY: false };

/**
 * Runs `act` while `process.stdout` and `process.stderr` are stand-ins. Merely reading the real ones opens a
 * stream, which leaves O_NONBLOCK on a pipe that other processes write to as well (S16).
 */
export function withoutStandardStreams<T>(act: () => T): T {
  const real = STREAMS.map((name) => Object.getOwnPropertyDescriptor(process, name));
  for (const name of STREAMS) Object.defineProperty(process, name, { configurable: true, value: STAND_IN });
  try {
    return act();
  } finally {
    for (const [index, name] of STREAMS.entries()) Object.defineProperty(process, name, real[index] ?? {});
  }
}
