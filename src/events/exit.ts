/**
 * How a handler ended; times in microseconds of CPU, `durationMs` on the monotonic clock. All but that is undefined of
 * what zinetd serves itself; of a connection that a worker of a pool had there is a status besides, or the signal of its worker.
 */
export interface Exit {
  readonly status: number | undefined;
  readonly signal: number | undefined;
  readonly durationMs: number;
  readonly userUs: number | undefined;
  readonly systemUs: number | undefined;
  readonly maxRssKb: number | undefined;
}
