/** What fast-check takes: so many runs, or as many as `ZINETD_FUZZ_SECONDS` has time for, which wants a `--testTimeout` above it. */
export function fuzz(numRuns: number): {
  readonly numRuns: number;
  readonly interruptAfterTimeLimit?: number;
} {
  const seconds = Number(process.env['ZINETD_FUZZ_SECONDS'] ?? 0);
  return seconds > 0
    ? { numRuns: Number.MAX_SAFE_INTEGER, interruptAfterTimeLimit: seconds * 1000 }
    : { numRuns };
}
