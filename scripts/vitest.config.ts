import { defineConfig } from 'vitest/config';

/** For `npm run docs`: what the tests of the program prepare, such as Debian packages, is not needed here. */
export default defineConfig({
  test: { root: '.', include: ['test/docs/generated.test.ts'], testTimeout: 60_000 },
});
