import { defineConfig } from 'vitest/config';

/** They put a load on zinetd and see what becomes of others, so that nothing else may run beside them. */
const UNDER_LOAD = [
  'abuse',
  'many-sources',
  'refusal-flood',
  'reload-policy',
  'resets',
  'soak',
  'starvation',
].map((name) => `test/integration/${name}.test.ts`);

export default defineConfig({
  test: {
    globalSetup: ['test/harness/setup.ts'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    pool: 'forks',
    projects: [
      {
        extends: true,
        test: {
          name: 'all',
          include: ['test/**/*.test.ts'],
          exclude: UNDER_LOAD,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: { name: 'load', include: UNDER_LOAD, fileParallelism: false, sequence: { groupOrder: 1 } },
      },
    ],
  },
});
