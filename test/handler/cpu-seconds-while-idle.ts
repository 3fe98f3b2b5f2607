import { cpuSecondsOf } from '../harness/processes.ts';

/** Long enough that whoever turns in circles is seen to on a machine with other things to do; nothing is waited for. */
const WINDOW_MS = 500;

/** What a process that should rest uses of the processor. */
export async function cpuSecondsWhileIdle(pid: number): Promise<number> {
  const before = cpuSecondsOf(pid);
  await new Promise((done) => setTimeout(done, WINDOW_MS));
  return cpuSecondsOf(pid) - before;
}
