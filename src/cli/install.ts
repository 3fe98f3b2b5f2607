import { realpathSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SyscallError } from '../model/errors.ts';

const OTHERS_READ = 0o004;
const OTHERS_ENTER = 0o001;

/** The root of this package: of the checkout, or below some node_modules. */
export const PACKAGE_ROOT: string = fileURLToPath(new URL('../../', import.meta.url));

const MAIN = fileURLToPath(new URL('../main.js', import.meta.url));

/** The node_modules that holds our dependencies, which an installer may have put beside us. */
export function dependencies(): string {
  const require = createRequire(import.meta.url);
  return dirname(dirname(require.resolve('winston/package.json')));
}

/** Whether any uid can enter every directory on the way to a path. */
export function isReachable(path: string): boolean {
  for (let directory = dirname(realpathSync(path)); directory !== '/'; directory = dirname(directory)) {
    if ((statSync(directory).mode & OTHERS_ENTER) === 0) return false;
  }
  return true;
}

/** How a worker, which has another uid, starts Node with our main program. */
export interface Install {
  readonly node: string;
  readonly flags: readonly string[];
  readonly main: string;
}

/** The anchor leads around the directories above it, not into one that is closed itself. */
function requireOpen(base: string): void {
  for (let path = MAIN; ; path = dirname(path)) {
    if ((statSync(path).mode & (path === MAIN ? OTHERS_READ : OTHERS_ENTER)) === 0) {
      const subject = `as root: its unprivileged processes cannot read "${path}" (chmod -R go+rX lets them)`;
      throw new SyscallError({ call: 'start', subject, code: 'EACCES' });
    }
    // Dependencies that a link leads to lie elsewhere: then the walk ends at the root.
    if (relative(base, path) === '' || path === '/') return;
  }
}

/**
 * Paths that the spawner must open for its workers; none where every uid can reach Node and our code. Throws
 * SyscallError where even those would not help.
 */
export function anchorsOf(uid: number | undefined): readonly string[] {
  if (uid === undefined) return [];
  const outside = relative(PACKAGE_ROOT, dependencies()).startsWith('..');
  const base = outside ? dirname(dependencies()) : PACKAGE_ROOT;
  requireOpen(base);
  if (isReachable(process.execPath) && isReachable(MAIN)) return [];
  return [base, realpathSync(process.execPath)];
}

/** `firstFd`: the number of the first anchor in that worker. */
export function installFor(anchors: readonly string[], firstFd: number): Install {
  const base = anchors[0];
  if (base === undefined) return { node: process.execPath, flags: [], main: MAIN };
  return {
    node: `/proc/self/fd/${firstFd + 1}`,
    flags: ['--preserve-symlinks', '--preserve-symlinks-main'],
    main: `/proc/self/fd/${firstFd}/${relative(base, MAIN)}`,
  };
}
