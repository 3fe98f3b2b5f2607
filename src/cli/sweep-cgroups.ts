import { existsSync, readdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import type { CgroupFacts } from './cgroup-facts.ts';

function directoriesIn(path: string): readonly string[] {
  try {
    const entries = readdirSync(path, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  } catch {
    return [];
  }
}

/** Whether it is gone; a cgroup with processes in it stays. */
function remove(path: string): boolean {
  try {
    rmdirSync(path);
    return true;
  } catch {
    return !existsSync(path);
  }
}

/** The deepest first: a handler of root's may have made some below its own. */
function removeAll(path: string): void {
  for (const name of directoriesIn(path)) removeAll(join(path, name));
  remove(path);
}

/** Takes away what zinetds that were killed have left of theirs; what still runs there keeps its own. */
export function sweepCgroups({ root, base, lack }: CgroupFacts): void {
  if (lack) return;
  for (const name of directoriesIn(root)) {
    const [, pid] = /^zinetd-([1-9][0-9]*)$/.exec(name) ?? [];
    const isAlive = name !== base && existsSync(`/proc/${pid}`);
    // That of the spawner first: one that lives is in it, and what else it has must stay.
    if (pid !== undefined && !isAlive && remove(join(root, name, 'self'))) removeAll(join(root, name));
  }
}
