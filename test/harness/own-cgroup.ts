import {
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { TestUser } from './identity.ts';
import { until } from './until.ts';

/** Where the tree of cgroups of version 2 is; it may be beside those of version 1. */
export function cgroupMount(): string | undefined {
  const mounts = readFileSync('/proc/mounts', 'utf8').split('\n');
  return mounts.map((line) => line.split(' ')).find(([, , type]) => type === 'cgroup2')?.[1];
}

function wordsOf(path: string): readonly string[] {
  return readFileSync(path, 'utf8')
    .split(/\s+/)
    .filter((word) => word !== '');
}

let made = 0;

/** Undefined where this machine lets nobody make one, or has none that can be killed. */
export function madeCgroup(): string | undefined {
  made += 1;
  const path = join(cgroupMount() ?? '/nonexistent', `zinetd-test-${process.pid}-${made}-${Date.now()}`);
  try {
    mkdirSync(path);
  } catch {
    return undefined;
  }
  if (existsSync(join(path, 'cgroup.kill'))) return path;
  rmdirSync(path);
  return undefined;
}

/** Paths of all below, the deepest first. */
function below(path: string): readonly string[] {
  const entries = readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const paths = entries.map(({ name }) => join(path, name));
  return paths.flatMap((each) => [...below(each), each]);
}

/** A cgroup that is a test's own, as systemd gives it with Delegate=yes: gone once the test is over. */
export class OwnCgroup {
  readonly path: string;

  /** Of this user, as systemd gives it to a unit with User=. */
  constructor(user?: TestUser) {
    const path = madeCgroup();
    if (path === undefined) throw new Error('Cannot make a cgroup');
    this.path = path;
    const files = ['', 'cgroup.procs', 'cgroup.subtree_control', 'cgroup.threads'];
    for (const file of user ? files : []) chownSync(join(path, file), user?.uid ?? 0, user?.gid ?? 0);
    onTestFinished(() => this.#remove());
  }

  /** Leads there by exec alone. What systemd is not there to see it does not mind. */
  get prefix(): readonly string[] {
    const hide = '[ ! -d /run/systemd/system ] || mount -t tmpfs none /run/systemd || exit 1';
    const script = `${hide}; echo $$ >"$0/cgroup.procs" && exec "$@"`;
    return ['unshare', '--mount', 'sh', '-c', script, this.path];
  }

  /** What is below it, by paths from there. */
  get tree(): readonly string[] {
    return below(this.path)
      .map((path) => path.slice(this.path.length + 1))
      .toSorted();
  }

  /** Controllers that it has. */
  get controllers(): readonly string[] {
    return wordsOf(join(this.path, 'cgroup.controllers'));
  }

  pidsOf(path: string): readonly number[] {
    return wordsOf(join(this.path, path, 'cgroup.procs')).map(Number);
  }

  async #remove(): Promise<void> {
    writeFileSync(join(this.path, 'cgroup.kill'), '1');
    await until(() => /^populated 0$/m.test(readFileSync(join(this.path, 'cgroup.events'), 'utf8')), {
      what: 'nobody is in the cgroup of the test',
    });
    for (const path of [...below(this.path), this.path]) rmdirSync(path);
  }
}
