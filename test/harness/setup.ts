import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { compileHandlers } from './compile-handlers.ts';
import { openInstall, openProgram } from './open-install.ts';
import { prepareNodes } from './prepare-nodes.ts';
import { preparePackages } from './prepare-packages.ts';
import { prepareSources } from './prepare-sources.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** A directory of this run that every uid can read and that passes zinetd's checks of trust. */
    testHome: string;
    /** zinetd, where the one who runs the suite can start it, with workers of another uid. */
    install: string;
    /** zinetd and Node, where anybody can start them. */
    openInstall: string;
    openNode: string;
    /** Another build of the spawner, from ZINETD_TEST_SPAWNER. */
    spawner: string | undefined;
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
  // Copies have the modes of a checkout that may have been made with another umask.
  execFileSync('chmod', ['-R', 'go+rX', home]);
  prepareNodes();
  prepareSources();
  const spawner = process.env['ZINETD_TEST_SPAWNER'];
  project.provide('testHome', home);
  project.provide('install', openInstall(home, { forAnybody: false }));
  project.provide('openInstall', openInstall(home, { forAnybody: true }));
  project.provide('openNode', openProgram(process.execPath, home));
  project.provide('spawner', spawner === undefined ? undefined : openProgram(spawner, home));
  return () => rmSync(home, { recursive: true, force: true });
}
