import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { compileHandlers } from './compile-handlers.ts';
import { preparePackages } from './prepare-packages.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** A directory of this run that every uid can read and that passes zinetd's checks of trust. */
    testHome: string;
  }
}

/** Runs once before all test files; what it returns runs after them. */
export default async function setup(project: TestProject): Promise<() => void> {
  process.umask(0o022);
  const home = mkdtempSync(join(tmpdir(), 'zinetd-test-'));
  chmodSync(home, 0o755);
  const programs = join(home, 'bin');
  mkdirSync(programs);
  await compileHandlers(programs);
  preparePackages(programs);
  project.provide('testHome', home);
  return () => rmSync(home, { recursive: true, force: true });
}
