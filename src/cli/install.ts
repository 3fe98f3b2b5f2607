import { realpathSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

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
    if ((statSync(directory).mode & 0o001) === 0) return false;
  }
  return true;
}

/** How a worker, which has another uid, starts Node with our main program. */
export interface Install {
  readonly node: string;
  readonly flags: readonly string[];
  readonly main: string;
}

/** Paths that the spawner must open for its workers; none where every uid can reach Node and our code. */
export function anchorsOf(uid: number | undefined): readonly string[] {
  if (uid === undefined || (isReachable(process.execPath) && isReachable(MAIN))) return [];
  const outside = relative(PACKAGE_ROOT, dependencies()).startsWith('..');
  return [outside ? dirname(dependencies()) : PACKAGE_ROOT, realpathSync(process.execPath)];
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
