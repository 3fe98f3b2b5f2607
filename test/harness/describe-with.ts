import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmdirSync } from 'node:fs';
import { describe, test } from 'vitest';
import { hasFamily } from './family-corpus.ts';
import { isRoot, unprivilegedUser } from './identity.ts';
import { hasInetdCorpus } from './inetd-corpus.ts';
import { madeCgroup } from './own-cgroup.ts';
import { nodeBinary } from './prepare-nodes.ts';
import { sourceOf } from './prepare-sources.ts';
import { program } from './program.ts';
import { hasSystemdCorpus } from './systemd-corpus.ts';
import { hasTcprulesCorpus } from './tcprules-corpus.ts';
import { hasXinetdCorpus } from './xinetd-corpus.ts';

/** Something of the machine that a test cannot do without. */
export type Need =
  | 'root'
  | 'an unprivileged user'
  | 'a network namespace'
  | 'a mount namespace'
  | 'a cgroup'
  | 'a controller of processes'
  | 'the corpus of inetd.conf'
  | 'the corpus of xinetd.conf'
  | 'the corpus of systemd units'
  | 'the corpus of rlinetd.conf'
  | 'the corpus of launchd'
  | 'the corpus of tcprules'
  | 'overlays'
  | { readonly program: string }
  | { readonly source: string }
  | { readonly node: number };

interface Skip {
  readonly test: string;
  readonly reason: string;
}

/** Lays an empty directory over another, as a test of what is not installed here does. */
const OVERLAY = [
  ...['mount -t tmpfs none /mnt', 'mkdir /mnt/upper /mnt/work'],
  'mount -t overlay overlay -o lowerdir=/etc,upperdir=/mnt/upper,workdir=/mnt/work /etc',
];

const NO_CORPUS = 'the corpus is not beside the project (ZINETD_CORPUS says where)';

const SKIPS = JSON.parse(readFileSync('test/skips.json', 'utf8')) as readonly Skip[];

function works(command: string, args: readonly string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function hasCgroups(): boolean {
  const path = madeCgroup();
  if (path !== undefined) rmdirSync(path);
  return path !== undefined;
}

/** Of a cgroup that a test makes. */
function controllers(): readonly string[] {
  const path = madeCgroup();
  if (path === undefined) return [];
  const text = readFileSync(`${path}/cgroup.controllers`, 'utf8');
  rmdirSync(path);
  return text.trim().split(' ');
}

/** Why a need is not met; undefined if it is. */
function lackOf(need: Need): string | undefined {
  if (typeof need === 'object') {
    if ('node' in need)
      return existsSync(nodeBinary(need.node)) ? undefined : `Node ${need.node} could not be fetched`;
    if ('source' in need)
      return existsSync(sourceOf(need.source))
        ? undefined
        : `the source of "${need.source}" could not be fetched`;
    return program(need.program) === undefined ? `"${need.program}" is not installed` : undefined;
  }
  switch (need) {
    case 'root':
      return isRoot ? undefined : 'needs root';
    case 'an unprivileged user':
      return unprivilegedUser() ? undefined : 'there is no unprivileged user to run as';
    case 'a network namespace':
      return isRoot && works('unshare', ['--net', 'ip', 'link', 'set', 'lo', 'up'])
        ? undefined
        : 'cannot make a network namespace';
    case 'the corpus of inetd.conf':
      return hasInetdCorpus() ? undefined : 'the corpus is not beside the project (ZINETD_CORPUS says where)';
    case 'the corpus of xinetd.conf':
      return hasXinetdCorpus()
        ? undefined
        : 'the corpus is not beside the project (ZINETD_CORPUS says where)';
    case 'the corpus of systemd units':
      return hasSystemdCorpus()
        ? undefined
        : 'the corpus is not beside the project (ZINETD_CORPUS says where)';
    case 'the corpus of rlinetd.conf':
      return hasFamily('rlinetd') ? undefined : NO_CORPUS;
    case 'the corpus of launchd':
      return hasFamily('launchd') ? undefined : NO_CORPUS;
    case 'the corpus of tcprules':
      return hasTcprulesCorpus()
        ? undefined
        : 'the corpus is not beside the project (ZINETD_CORPUS says where)';
    case 'a mount namespace':
      return isRoot && works('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'none', '/mnt'])
        ? undefined
        : 'cannot make a mount namespace';
    case 'a cgroup':
      return hasCgroups() ? undefined : 'cannot make a cgroup of version 2';
    case 'a controller of processes':
      return controllers().includes('pids') ? undefined : 'cgroups of version 2 have no controller "pids"';
    case 'overlays':
      return isRoot && works('unshare', ['--mount', 'sh', '-ec', OVERLAY.join('\n')])
        ? undefined
        : 'cannot lay files over others';
  }
}

/** In CI nothing is skipped unless test/skips.json says so. */
function isForbidden(title: string): boolean {
  return process.env['CI'] === 'true' && !SKIPS.some((skip) => skip.test === title && skip.reason !== '');
}

/** `describe`, skipped with the reason where the machine lacks something. */
export function describeWith(title: string, options: { needs: readonly Need[] }, body: () => void): void {
  const lacks = options.needs.map(lackOf).filter((lack) => lack !== undefined);
  if (lacks.length === 0) {
    describe(title, body);
  } else if (isForbidden(title)) {
    describe(title, () => {
      test('is not skipped unless test/skips.json says why', () => {
        throw new Error(`Cannot skip "${title}": ${lacks.join(', ')}`);
      });
    });
  } else {
    describe.skip(`${title} (skipped: ${lacks.join(', ')})`, body);
  }
}
