import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, renameSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';

const SOURCES = 'test/fixtures/handlers';
const CACHE = 'build/test/handlers';
const FLAGS = ['-std=gnu11', '-D_GNU_SOURCE', '-O1', '-g', '-Wall', '-Wextra', '-Werror'];

const run = promisify(execFile);

function isFresh(binary: string, source: string): boolean {
  const built = statSync(binary, { throwIfNoEntry: false });
  return built !== undefined && built.mtimeMs > statSync(source).mtimeMs;
}

/** A rename, so that another run of the suite never sees half a program. */
async function compile(name: string): Promise<void> {
  const source = join(SOURCES, `${name}.c`);
  const binary = join(CACHE, name);
  if (isFresh(binary, source)) return;
  const fresh = `${binary}.${process.pid}`;
  await run(process.env['CC'] ?? 'cc', [...FLAGS, '-o', fresh, source], { timeout: 60_000 });
  renameSync(fresh, binary);
}

/** Compiles every handler of test/fixtures/handlers, and puts the programs into a directory. */
export async function compileHandlers(directory: string): Promise<void> {
  mkdirSync(CACHE, { recursive: true });
  const names = readdirSync(SOURCES)
    .filter((file) => file.endsWith('.c'))
    .map((file) => basename(file, '.c'));
  await Promise.all(names.map(compile));
  for (const name of names) copyFileSync(join(CACHE, name), join(directory, name));
}
