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

const LOADGEN = ['main.c', 'base.c', 'echo.c', 'load.c', 'sources.c', 'tally.c'].map(
  (file) => `loadgen/${file}`,
);

/** Program: its sources and the flags it needs. */
const PROGRAMS = {
  loadgen: { sources: LOADGEN, flags: [] },
  target: { sources: ['target/target.c'], flags: [] },
  launch: { sources: ['launch/launch.c'], flags: [] },
  raw: { sources: ['handlers/raw.c'], flags: BARE },
  holding: { sources: ['handlers/holding.c'], flags: BARE },
  datagram: { sources: ['handlers/datagram.c'], flags: BARE },
  'datagram-glibc': { sources: ['handlers/datagram-glibc.c'], flags: ['-static'] },
  glibc: { sources: ['handlers/glibc.c'], flags: ['-static'] },
  dynamic: { sources: ['handlers/glibc.c'], flags: [] },
  pooled: { sources: ['handlers/pooled.c'], flags: ['-static'] },
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
    const { sources, flags } = PROGRAMS[name];
    const output = join(directory, name);
    const files = sources.map((source) => join(SOURCES, source));
    await command(['cc', ...COMMON, ...flags, '-o', output, ...files]);
    return [name, output];
  });
  return Object.fromEntries(await Promise.all(built));
}
