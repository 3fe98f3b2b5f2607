import { readdirSync, readFileSync } from 'node:fs';
import { commandLineOf } from '../harness/processes.ts';

function childrenOfThread(pid: number, thread: string): readonly number[] {
  const text = readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8');
  return text.split(' ').filter(Boolean).map(Number);
}

/** Children of the spawner that have executed nothing yet: they are in its memory, and wait for a connection. */
export function armedOf(spawner: number): readonly number[] {
  const own = commandLineOf(spawner).join(' ');
  const children = readdirSync(`/proc/${spawner}/task`).flatMap((thread) =>
    childrenOfThread(spawner, thread),
  );
  return children.filter((pid) => commandLineOf(pid).join(' ') === own);
}
