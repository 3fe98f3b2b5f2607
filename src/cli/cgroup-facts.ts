import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CgroupLack } from '../config/host-cgroups.ts';

/** What `run` finds out about the cgroup that it was started in; it travels as JSON. */
export interface CgroupFacts {
  /** Its directory; that of the tree where it is not below that. */
  readonly root: string;
  readonly base: string;
  readonly lack: CgroupLack | undefined;
  /** There is none above it: processes may be in it in any case. */
  readonly isTop: boolean;
  /** Whether there is a cgroup.kill, as far as can be seen: the top has none. */
  readonly canKill: boolean;
  readonly offered: readonly string[];
  readonly controllers: readonly string[];
  readonly given: readonly string[];
}

interface Mount {
  readonly root: string;
  readonly path: string;
}

export function wordsOf(path: string): readonly string[] {
  try {
    return readFileSync(path, 'utf8')
      .split(/\s+/)
      .filter((word) => word !== '');
  } catch {
    return [];
  }
}

/** As mountinfo has blanks and the like: proc_pid_mountinfo(5). */
function unescapeText(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

function parseMounts(mountinfo: string): readonly Mount[] {
  return mountinfo.split('\n').flatMap((line) => {
    const [, root, path] = /^[0-9]+ [0-9]+ \S+ (\S+) (\S+) .* - cgroup2 /.exec(line) ?? [];
    return root === undefined || path === undefined
      ? []
      : [{ root: unescapeText(root), path: unescapeText(path) }];
  });
}

/** The directory of a cgroup; undefined where the mount does not show it. */
function directoryBelow({ root, path }: Mount, cgroup: string): string | undefined {
  if (root === '/') return join(path, cgroup.slice(1));
  const isBelow = cgroup === root || cgroup.startsWith(`${root}/`);
  return isBelow ? join(path, cgroup.slice(root.length)) : undefined;
}

function isWritable(root: string): boolean {
  const paths = [root, join(root, 'cgroup.procs'), join(root, 'cgroup.subtree_control')];
  try {
    for (const path of paths) accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** What the machine knows of a cgroup that its files do not say. */
export interface Delegation {
  readonly pid: number;
  /** Whether systemd manages this machine, and has not given this directory away. */
  isKept(root: string): boolean;
}

function lackAt(
  root: string,
  { isTop, pid, isKept }: Delegation & { readonly isTop: boolean },
): CgroupLack | undefined {
  if (!isWritable(root)) return 'read-only';
  if (isKept(root)) return 'not-delegated';
  const others = wordsOf(join(root, 'cgroup.procs')).filter((word) => word !== String(pid));
  return !isTop && others.length > 0 ? 'shared' : undefined;
}

/** Undefined where no tree of version 2 is mounted. */
export function cgroupFacts(delegation: Delegation, proc = '/proc/self'): CgroupFacts | undefined {
  let texts: readonly string[];
  try {
    texts = [readFileSync(`${proc}/mountinfo`, 'utf8'), readFileSync(`${proc}/cgroup`, 'utf8')];
  } catch {
    return undefined;
  }
  const [mountinfo = '', cgroups = ''] = texts;
  const [, cgroup] = /^0::(\/.*)$/m.exec(cgroups) ?? [];
  const mounts = parseMounts(mountinfo);
  const [first] = mounts;
  if (cgroup === undefined || !first) return undefined;
  const seen = mounts.map((mount) => directoryBelow(mount, cgroup)).find((path) => path !== undefined);
  const root = seen !== undefined && existsSync(join(seen, 'cgroup.procs')) ? seen : undefined;
  const at = root ?? first.path;
  const isTop = !existsSync(join(at, 'cgroup.type'));
  return {
    root: at,
    base: `zinetd-${delegation.pid}`,
    lack: root === undefined ? 'hidden' : lackAt(root, { ...delegation, isTop }),
    isTop,
    canKill: isTop || existsSync(join(at, 'cgroup.kill')),
    offered: wordsOf(join(first.path, 'cgroup.controllers')),
    controllers: wordsOf(join(at, 'cgroup.controllers')),
    given: wordsOf(join(at, 'cgroup.subtree_control')),
  };
}
