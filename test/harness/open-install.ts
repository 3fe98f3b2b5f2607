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

/**
 * The installation for tests without root: this checkout, or, where others cannot enter it (such as in root's
 * home), a copy in `directory`.
 */
export function openInstall(directory: string): string {
  const here = process.cwd();
  if (isOpen(here)) return here;
  const copy = join(directory, 'install');
  mkdirSync(copy);
  const own = ['dist', 'package.json', 'build/Release/zinetd-spawner', 'build/Release/zinetd_addon.node'];
  for (const path of [...own.filter((it) => existsSync(it)), ...dependencies()]) {
    cpSync(path, join(copy, path), { recursive: true });
  }
  return copy;
}

/** Such a program itself, or a copy of it that everybody can start. */
export function openProgram(path: string, directory: string): string {
  if (isOpen(path)) return path;
  const copy = join(directory, path.slice(path.lastIndexOf('/') + 1));
  copyFileSync(path, copy);
  chmodSync(copy, 0o755);
  return copy;
}
