import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

const LISTEN = '0A';
const O_NONBLOCK = 0o4000;

export interface OpenDescriptor {
  readonly fd: number;
  /** What /proc shows, such as `socket:[123]`. */
  readonly target: string;
  readonly isNonBlocking: boolean;
}

function flagsOf(pid: number, fd: number): number {
  const info = readFileSync(`/proc/${pid}/fdinfo/${fd}`, 'utf8');
  return Number.parseInt(/^flags:\s*([0-7]+)$/m.exec(info)?.[1] ?? '', 8);
}

/** What a process has open; needs the right to look at it. */
export function openDescriptors(pid: number): readonly OpenDescriptor[] {
  return readdirSync(`/proc/${pid}/fd`).flatMap((name) => {
    const fd = Number(name);
    try {
      const target = readlinkSync(`/proc/${pid}/fd/${fd}`);
      return [{ fd, target, isNonBlocking: (flagsOf(pid, fd) & O_NONBLOCK) !== 0 }];
    } catch {
      return []; // closed meanwhile
    }
  });
}

/** Names of the sockets of this machine that listen on TCP, as `target` has them. */
function listeningSockets(): ReadonlySet<string> {
  const lines = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((path) => readFileSync(path, 'utf8').split('\n'));
  const fields = lines.map((line) => line.trim().split(/\s+/));
  return new Set(fields.filter((it) => it[3] === LISTEN).map((it) => `socket:[${it[9]}]`));
}

export function listenersOf(pid: number): readonly OpenDescriptor[] {
  const listening = listeningSockets();
  return openDescriptors(pid).filter(({ target }) => listening.has(target));
}
