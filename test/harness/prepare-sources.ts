import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { findProgram } from './find-program.ts';

/** Debian source packages of which the suite runs the tests. */
const SOURCES: readonly string[] = ['openbsd-inetd', 'inetutils'];

const UNPACKED = 'build/test/sources';
const TIMEOUT_MS = 120_000;

/** Where the source of a package is; without a network, nothing may be there. */
export function sourceOf(name: string): string {
  return resolve(UNPACKED, name);
}

/** Fetches them; a failure is told and no more, the tests that need them say so. */
export function prepareSources(): void {
  const missing = SOURCES.filter((name) => !existsSync(sourceOf(name)));
  if (missing.length === 0 || findProgram('apt-get') === undefined) return;
  const args = ['test/harness/fetch-sources.sh', UNPACKED, ...missing];
  try {
    execFileSync('sh', args, { stdio: ['ignore', 'ignore', 'pipe'], timeout: TIMEOUT_MS });
  } catch (error) {
    process.stderr.write(`Cannot fetch sources for the tests: ${(error as Error).message}\n`);
  }
}
