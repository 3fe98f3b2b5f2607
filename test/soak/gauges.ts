import { readFileSync } from 'node:fs';
import { steadyDescriptorCountOf } from '../harness/processes.ts';
import { childrenOfKind } from './reaper.ts';

/** What one process has. */
export interface Holdings {
  readonly rssKib: number;
  readonly pssKib: number;
  readonly descriptors: number | undefined;
}

export interface Sample {
  readonly atSeconds: number;
  /** Connections so far. */
  readonly connections: number;
  readonly processes: Readonly<Partial<Record<'spawner' | 'dispatcher' | 'resolver', Holdings>>>;
  /** Kernel objects of the whole machine; none where we may not look. */
  readonly slab: Readonly<Record<string, number>>;
}

/** Caches in which a super-server leaves something if it does. */
const CACHES = [
  ...['dentry', 'filp', 'sock_inode_cache', 'TCP', 'UNIX', 'UDP', 'request_sock_TCP', 'tw_sock_TCP'],
  ...['pid', 'task_struct', 'signal_cache', 'mm_struct', 'cred_jar', 'eventpoll_epi', 'proc_inode_cache'],
];

function readOr(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function holdingsOf(pid: number): Holdings {
  const rollup = readOr(`/proc/${pid}/smaps_rollup`);
  const kib = (name: string): number =>
    Number(new RegExp(`^${name}: +(\\d+)`, 'm').exec(rollup)?.[1] ?? Number.NaN);
  return { rssKib: kib('Rss'), pssKib: kib('Pss'), descriptors: steadyDescriptorCountOf(pid) };
}

/** Memory of a process in all. */
function slab(): Readonly<Record<string, number>> {
  const caches = readOr('/proc/slabinfo')
    .split('\n')
    .map((line) => line.split(/ +/))
    .filter(([name = '']) => CACHES.includes(name));
  const memory = readOr('/proc/meminfo');
  const kernel = ['Slab', 'SUnreclaim'].map((name) => {
    return [`${name}, KiB`, Number(new RegExp(`^${name}: +(\\d+)`, 'm').exec(memory)?.[1])] as const;
  });
  return Object.fromEntries([
    ...kernel,
    ...caches.map(([name = '', active]) => [name, Number(active)] as const),
  ]);
}

export function sampleOf(
  spawner: number,
  { atSeconds, connections }: Pick<Sample, 'atSeconds' | 'connections'>,
): Sample {
  const one = (kind: 'dispatcher' | 'resolver') => {
    const [pid] = childrenOfKind(spawner, kind);
    return pid === undefined ? {} : { [kind]: holdingsOf(pid) };
  };
  const processes = { spawner: holdingsOf(spawner), ...one('dispatcher'), ...one('resolver') };
  return { atSeconds, connections, processes, slab: slab() };
}
