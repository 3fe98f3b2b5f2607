/** @param {string} line */
export const tell = (line) => void process.stderr.write(`${line}\n`);

/**
 * The whole of a program: runs it with its arguments, tells what went wrong, and ends with the exit code of a program that
 * a signal stops, after everything started has been stopped.
 *
 * @param {string} usage
 * @param {(args: readonly string[], signal: AbortSignal) => Promise<void>} does
 */
export async function runMain(usage, does) {
  const stop = new AbortController();
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.once(signal, () => stop.abort(new Error(`Stopped by ${signal}`)));
  }
  try {
    await does(process.argv.slice(2), stop.signal);
  } catch (error) {
    tell(error instanceof Error ? error.message : String(error));
    const wrongUsage = error instanceof RangeError || error instanceof TypeError;
    if (wrongUsage) process.stderr.write(usage);
    process.exitCode = stop.signal.aborted ? 130 : wrongUsage ? 2 : 3;
  }
}
