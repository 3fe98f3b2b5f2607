import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { UNPACKED } from './prepare-packages.ts';

/** LD_LIBRARY_PATH for programs of systemd, whose library is where it was only unpacked. */
export function systemdLibraries(): string {
  const libraries = join(UNPACKED, 'usr/lib');
  const directories = existsSync(libraries) ? readdirSync(libraries) : [];
  return directories.map((name) => resolve(libraries, name, 'systemd')).join(':');
}
