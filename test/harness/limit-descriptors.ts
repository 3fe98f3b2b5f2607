import { execFileSync } from 'node:child_process';
import { isRoot } from './identity.ts';
import { statusOf } from './processes.ts';

/** A lower soft limit for a process, by its own user: nobody else may. */
export function limitDescriptors(pid: number, soft: number): void {
  const uid = statusOf(pid, 'Uid')?.split(/\s+/)[0] ?? '';
  const gid = statusOf(pid, 'Gid')?.split(/\s+/)[0] ?? '';
  const identity = isRoot ? ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--'] : [];
  const [program = '', ...args] = [...identity, 'prlimit', '--pid', String(pid), `--nofile=${soft}:`];
  execFileSync(program, args);
}
