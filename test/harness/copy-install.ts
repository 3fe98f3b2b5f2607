import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { scratch } from './scratch.ts';

/** An installation of the test's own, to be replaced by another version while zinetd runs. */
export function copyInstall(): string {
  const copy = join(scratch('install'), 'zinetd');
  mkdirSync(join(copy, 'build/Release'), { recursive: true });
  for (const path of [
    'dist',
    'package.json',
    'build/Release/zinetd-spawner',
    'build/Release/zinetd_addon.node',
  ])
    cpSync(path, join(copy, path), { recursive: true });
  symlinkSync(resolve('node_modules'), join(copy, 'node_modules'));
  execFileSync('chmod', ['-R', 'go+rX', copy]);
  return copy;
}
