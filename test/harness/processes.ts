import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

function childrenOfThread(pid: number, thread: string): readonly number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8');
    return text.split(' ').filter(Boolean).map(Number);
  } catch {
    return []; // it ended between two looks
  }
}

/** Pids of the direct children of a process, zombies included, whichever of its threads bore them. */
export function childrenOf(pid: number): readonly number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((thread) => childrenOfThread(pid, thread));
  } catch {
    return [];
  }
}

/** Its arguments; empty for a zombie or a process that is gone. */
export function commandLineOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
  } catch {
    return [];
  }
}

/** One field of /proc/PID/status, such as `State`; undefined when the process is gone. */
export function statusOf(pid: number, field: string): string | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/status`, 'utf8');
    return text.match(new RegExp(`^${field}:[ \\t]*(.*)$`, 'm'))?.[1];
  } catch {
    return undefined;
  }
}

export function isZombie(pid: number): boolean {
  return statusOf(pid, 'State')?.startsWith('Z') ?? false;
}

/** How many descriptors are open; undefined where the kernel does not let us look. */
export function descriptorCountOf(pid: number): number | undefined {
  try {
    return readdirSync(`/proc/${pid}/fd`).length;
  } catch {
    return undefined;
  }
}

/** Whether a file is among its open descriptors. */
export function hasOpen(pid: number, path: string): boolean {
  const directory = `/proc/${pid}/fd`;
  try {
    return readdirSync(directory).some((fd) => readlinkSync(`${directory}/${fd}`) === path);
  } catch {
    return false;
  }
}

function isInotify(path: string): boolean {
  try {
    return readlinkSync(path) === 'anon_inode:inotify';
  } catch {
    return false;
  }
}

/**
 * The same without the inotify(7) instance that Node has for all that it watches: it comes when the first file is
 * watched, which is a little after zinetd serves.
 */
export function steadyDescriptorCountOf(pid: number): number | undefined {
  const directory = `/proc/${pid}/fd`;
  try {
    // One look for both: it may come between two.
    const open = readdirSync(directory);
    return open.filter((fd) => !isInotify(`${directory}/${fd}`)).length;
  } catch {
    return undefined;
  }
}

/** CPU time of a process and all its threads, in seconds: user and system time of proc_pid_stat(5), in ticks of 10 ms. */
export function cpuSecondsOf(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
