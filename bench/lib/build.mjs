import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { command } from './command.mjs';

const SOURCES = fileURLToPath(new URL('..', import.meta.url));
const COMMON = ['-std=c11', '-O2', '-Wall', '-Wextra', '-Werror'];

/** Nothing of the C library, not even what the compiler would add by itself. */
const BARE = [
  '-ffreestanding',
  '-fno-stack-protector',
  '-fno-asynchronous-unwind-tables',
  '-static',
  '-nostdlib',
];

/** Program: its source and the flags it needs. */
const PROGRAMS = {
  loadgen: { source: 'loadgen.c', flags: [] },
  launch: { source: 'launch/launch.c', flags: [] },
  raw: { source: 'handlers/raw.c', flags: BARE },
  glibc: { source: 'handlers/glibc.c', flags: ['-static'] },
};

/**
 * Builds programs of the benchmark into a directory and gives their paths.
 *
 * @param {string} directory
 * @param {readonly (keyof typeof PROGRAMS)[]} names
 * @returns {Promise<Record<string, string>>}
 */
export async function build(directory, names) {
  await mkdir(directory, { recursive: true });
  const built = names.map(async (name) => {
    const { source, flags } = PROGRAMS[name];
    const output = join(directory, name);
    await command(['cc', ...COMMON, ...flags, '-o', output, join(SOURCES, source)]);
    return [name, output];
  });
  return Object.fromEntries(await Promise.all(built));
}
