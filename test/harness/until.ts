const PAUSE_MS = 5;
/** The long form shares its machine, for hours. */
const DEADLINE_MS = process.env['ZINETD_LONG'] === '1' ? 60_000 : 10_000;

/**
 * Asks again until there is an answer. Only for what has no event to wait for, such as /proc; everything else
 * waits for a record of the log, a socket or the end of a process.
 */
export async function until<T>(
  ask: () => T | undefined | false,
  options: { readonly what: string; readonly timeoutMs?: number },
): Promise<T> {
  const deadline = performance.now() + (options.timeoutMs ?? DEADLINE_MS);
  for (;;) {
    const answer = ask();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > deadline) throw new Error(`Waited in vain until ${options.what}`);
    await new Promise((done) => setTimeout(done, PAUSE_MS));
  }
}
