import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, renameSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';

const SOURCES = 'test/fixtures/handlers';
const CACHE = 'build/test/handlers';
const FLAGS = ['-std=gnu11', '-D_GNU_SOURCE', '-O1', '-g', '-Wall', '-Wextra', '-Werror'];
const BARE = ['-ffreestanding', '-fno-stack-protector', '-static', '-nostdlib'];

/** Those that the benchmark has too: its load generator, and a handler without a C library that says "ok". */
const FROM_BENCH: readonly Program[] = [
  { name: 'loadgen', source: 'bench/loadgen.c', flags: ['-U_GNU_SOURCE'] },
  { name: 'raw', source: 'bench/handlers/raw.c', flags: BARE },
];

interface Program {
  readonly name: string;
  readonly source: string;
  readonly flags: readonly string[];
}

const run = promisify(execFile);

function isFresh(binary: string, source: string): boolean {
  const built = statSync(binary, { throwIfNoEntry: false });
  return built !== undefined && built.mtimeMs > statSync(source).mtimeMs;
}

/** A rename, so that another run of the suite never sees half a program. */
async function compile({ name, source, flags }: Program): Promise<void> {
  const binary = join(CACHE, name);
  if (isFresh(binary, source)) return;
  const fresh = `${binary}.${process.pid}`;
  await run(process.env['CC'] ?? 'cc', [...FLAGS, ...flags, '-o', fresh, source], { timeout: 60_000 });
  renameSync(fresh, binary);
}

function ownPrograms(): readonly Program[] {
  return readdirSync(SOURCES)
    .filter((file) => file.endsWith('.c'))
    .map((file) => ({ name: basename(file, '.c'), source: join(SOURCES, file), flags: [] }));
}

/** Compiles every handler of test/fixtures/handlers, and puts the programs into a directory. */
export async function compileHandlers(directory: string): Promise<void> {
  mkdirSync(CACHE, { recursive: true });
  const programs = [...ownPrograms(), ...FROM_BENCH];
  await Promise.all(programs.map(compile));
  for (const { name } of programs) copyFileSync(join(CACHE, name), join(directory, name));
}
