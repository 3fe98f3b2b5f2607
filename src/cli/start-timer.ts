/** The only timer of the command line, for deadlines and for what is shown again and again. Gives what stops it. */
export function startTimer(afterMs: number, callback: () => void): () => void {
  const timer = setTimeout(callback, afterMs);
  return () => clearTimeout(timer);
}
