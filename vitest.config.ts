import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/**
 * Nothing else may run beside them: they put a load on zinetd and see what becomes of others, or are suites of other
 * projects, with pauses of a second for what must have happened by then.
 */
export const ALONE: string[] = [
  'abuse',
  'log-trouble',
  'many-services',
  'many-sources',
  'refusal-flood',
  'reload-policy',
  'reload-under-load',
  'resets',
  'signal-storm',
  'soak',
  'starvation',
  'tls-load',
]
  .map((name) => `test/integration/${name}.test.ts`)
  .concat('test/suites/*.test.ts', 'test/daemons/logrotate.test.ts');

export default defineConfig({
  test: {
    globalSetup: ['test/harness/setup.ts'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // Most tests wait for others, so that one in addition costs little on a small machine.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      {
        extends: true,
        test: {
          name: 'all',
          include: ['test/**/*.test.ts'],
          exclude: ALONE,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: { name: 'load', include: ALONE, fileParallelism: false, sequence: { groupOrder: 1 } },
      },
    ],
  },
});
