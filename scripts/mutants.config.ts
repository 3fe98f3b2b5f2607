import { defineConfig } from 'vitest/config';

/** For `npm run test:mutants`: tests of functions need nothing prepared, which takes longer than they do. */
export default defineConfig({ test: { root: '.', include: ['test/**/*.test.ts'], testTimeout: 20_000 } });
