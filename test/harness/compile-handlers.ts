import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, renameSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';

const SOURCES = 'test/fixtures/handlers';
const CACHE = 'build/test/handlers';
const FLAGS = ['-std=gnu11', '-D_GNU_SOURCE', '-O1', '-g', '-Wall', '-Wextra', '-Werror'];
const BARE = ['-ffreestanding', '-fno-stack-protector', '-static', '-nostdlib'];

const LOADGEN = ['main.c', 'base.c', 'echo.c', 'load.c', 'sources.c', 'tally.c'].map(
  (file) => `bench/loadgen/${file}`,
);

/** Those that the benchmark has too: its load generator, and a handler without a C library that says "ok". */
const FROM_BENCH: readonly Program[] = [
  { name: 'loadgen', sources: LOADGEN, flags: ['-U_GNU_SOURCE'] },
  { name: 'raw', sources: ['bench/handlers/raw.c'], flags: BARE },
];

const FROM_EXAMPLES: readonly Program[] = [
  { name: 'errlogd', sources: ['examples/errlogd/errlogd.c'], flags: [] },
  { name: 'whoami', sources: ['examples/pool/whoami.c'], flags: ['-U_GNU_SOURCE'] },
];

interface Program {
  readonly name: string;
  readonly sources: readonly string[];
  readonly flags: readonly string[];
}

const run = promisify(execFile);

function isFresh(binary: string, sources: readonly string[]): boolean {
  const built = statSync(binary, { throwIfNoEntry: false });
  return built !== undefined && sources.every((source) => built.mtimeMs > statSync(source).mtimeMs);
}

/** A rename, so that another run of the suite never sees half a program. */
async function compile({ name, sources, flags }: Program): Promise<void> {
  const binary = join(CACHE, name);
  if (isFresh(binary, sources)) return;
  const fresh = `${binary}.${process.pid}`;
  await run(process.env['CC'] ?? 'cc', [...FLAGS, ...flags, '-o', fresh, ...sources], { timeout: 60_000 });
  renameSync(fresh, binary);
}

function ownPrograms(): readonly Program[] {
  return readdirSync(SOURCES)
    .filter((file) => file.endsWith('.c'))
    .map((file) => ({ name: basename(file, '.c'), sources: [join(SOURCES, file)], flags: [] }));
}

/** Compiles every handler of test/fixtures/handlers, and those of others, and puts the programs into a directory. */
export async function compileHandlers(directory: string): Promise<void> {
  mkdirSync(CACHE, { recursive: true });
  const programs = [...ownPrograms(), ...FROM_BENCH, ...FROM_EXAMPLES];
  await Promise.all(programs.map(compile));
  for (const { name } of programs) copyFileSync(join(CACHE, name), join(directory, name));
}
