import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** Whether every uid can get to a file. */
function isOpen(path: string): boolean {
  for (let at = resolve(path); ; at = dirname(at)) {
    if ((statSync(at).mode & 0o001) === 0) return false;
    if (at === '/') return true;
  }
}

/** Directories below node_modules that zinetd itself needs. */
function dependencies(): readonly string[] {
  const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
    packages: Record<string, { dev?: boolean }>;
  };
  return Object.entries(lock.packages)
    .filter(([path, entry]) => path !== '' && !entry.dev && existsSync(path))
    .map(([path]) => path);
}

/** Whether the files of a checkout can be read once one is there, as with the usual umask. */
function isReadable(checkout: string): boolean {
  const parts: readonly (readonly [string, number])[] = [
    ['.', 0o001],
    ['dist', 0o001],
    ['dist/main.js', 0o004],
    ['package.json', 0o004],
  ];
  return parts.every(([path, bits]) => {
    const stats = statSync(join(checkout, path), { throwIfNoEntry: false });
    return stats === undefined || (stats.mode & bits) === bits;
  });
}

/**
 * The installation for a daemon with uids other than that of the suite: this checkout, or, where others cannot
 * enter it, a copy in `directory`. Others than root's own workers cannot enter root's home either: `forAnybody`.
 */
export function openInstall(directory: string, options: { readonly forAnybody: boolean }): string {
  const here = process.cwd();
  if (isReadable(here) && (!options.forAnybody || isOpen(here))) return here;
  const copy = join(directory, 'install');
  if (!existsSync(copy)) copyInstall(copy);
  return copy;
}

/** Everything that a package with its dependencies has. */
export function copyInstall(copy: string): void {
  mkdirSync(copy);
  const own = ['dist', 'package.json', 'build/Release/zinetd-spawner', 'build/Release/zinetd_addon.node'];
  for (const path of [...own.filter((it) => existsSync(it)), ...dependencies()]) {
    cpSync(path, join(copy, path), { recursive: true });
  }
  execFileSync('chmod', ['-R', 'go+rX', copy]);
}

/** Such a program itself, or a copy of it that everybody can start. */
export function openProgram(path: string, directory: string): string {
  if (isOpen(path)) return path;
  const copy = join(directory, path.slice(path.lastIndexOf('/') + 1));
  copyFileSync(path, copy);
  chmodSync(copy, 0o755);
  return copy;
}
