import { defineConfig } from 'vitest/config';

const HOURS_MS = 4 * 3_600_000;

/** For `npm run test:long`: faults, soak, bars and fuzzing at full size, one file after the other. */
export default defineConfig({
  test: {
    root: '.',
    include: ['faults', 'soak', 'bars', 'fuzz'].map((name) => `test/${name}/**/*.test.ts`),
    globalSetup: ['test/harness/setup.ts'],
    testTimeout: HOURS_MS,
    hookTimeout: 60_000,
    pool: 'forks',
    fileParallelism: false,
  },
});
