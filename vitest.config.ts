import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/**
 * Nothing else may run beside them: they put a load on zinetd and see what becomes of others, or are suites of other
 * projects, with pauses of a second for what must have happened by then.
 */
export const ALONE: string[] = [
  'faults/f12-disk',
  'faults/f14-sink',
  'integration/many-services',
  'integration/refusal-flood',
  'integration/reload-policy',
  'integration/resets',
  'integration/soak',
  'integration/starvation',
  'integration/tls-load',
  'faults/f06-flood',
  'faults/f07-sources',
  'faults/f10-reloads',
  'faults/f11-signals',
  'faults/f13-rotation',
]
  .map((name) => `test/${name}.test.ts`)
  .concat('test/soak/*.test.ts', 'test/suites/*.test.ts');

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
