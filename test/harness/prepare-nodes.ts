import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Besides the one that is installed: the release with long-term support, and the newest. */
export const NODE_MAJORS: readonly number[] = [24, 26];

const INSTALLED = 'build/test/nodes';
const TIMEOUT_MS = 120_000;

/** Where the `node` of the package of that name is. */
export function nodeBinary(major: number): string {
  return join(process.cwd(), INSTALLED, String(major), 'node_modules/node/bin/node');
}

/** The package fetches the binary in a script of its own, which has to be let run. */
function install(major: number): void {
  const fresh = join(INSTALLED, `${major}.${process.pid}`);
  mkdirSync(fresh, { recursive: true });
  writeFileSync(join(fresh, 'package.json'), '{"private":true}\n');
  const args = [
    'install',
    '--prefix',
    fresh,
    '--no-audit',
    '--no-fund',
    '--fetch-retries=0',
    `node@${major}`,
  ];
  try {
    execFileSync('npm', args, { stdio: ['ignore', 'ignore', 'pipe'], timeout: TIMEOUT_MS });
    renameSync(fresh, join(INSTALLED, String(major)));
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

/** Fetches the other releases of Node; without a network, the tests that need them say so. */
export function prepareNodes(): void {
  for (const major of NODE_MAJORS) {
    if (existsSync(nodeBinary(major))) continue;
    try {
      install(major);
    } catch (error) {
      process.stderr.write(`Cannot install Node ${major} for the tests: ${(error as Error).message}\n`);
    }
  }
}
