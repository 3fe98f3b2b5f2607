import { readFileSync } from 'node:fs';

const TICKS_PER_SECOND = 100;
/** proc(5): utime and stime are the 14th and 15th, of which the second may have blanks. */
const USER_AT = 11;

/** Seconds of CPU that a process has had. */
export function processTimeOf(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[USER_AT]) + Number(fields[USER_AT + 1])) / TICKS_PER_SECOND;
}
