import { defineConfig } from 'vitest/config';

/** What decides and what reads: each is to have nearly all of its branches taken by tests of functions. */
const MEASURED = ['admission', 'compile', 'config', 'convert'];
/** Tests of functions; what a process of its own does is not measured. */
const TESTS = [
  ...MEASURED,
  ...['audit', 'builtins', 'control', 'dispatcher', 'docs', 'launch', 'listeners', 'logging', 'metrics'],
  ...['model', 'proxy-protocol', 'relay', 'resolver', 'structure', 'supervise'],
];
const LEAST_PERCENT = 95;

/** For `npm run coverage`; a run that is measured takes longer, and so may a test. */
export default defineConfig({
  test: {
    root: '.',
    include: TESTS.map((name) => `test/${name}/**/*.test.ts`),
    globalSetup: ['test/harness/setup.ts'],
    testTimeout: 120_000,
    coverage: {
      enabled: true,
      provider: 'v8',
      reportOnFailure: true,
      include: MEASURED.map((name) => `src/${name}/**/*.ts`),
      reporter: ['json', 'json-summary', 'text-summary'],
      reportsDirectory: 'build/coverage',
      thresholds: Object.fromEntries(
        MEASURED.map((name) => [`src/${name}/**/*.ts`, { branches: LEAST_PERCENT }]),
      ),
    },
  },
});
