/** Loaded ahead of the dispatcher's own code; it takes over when the test says so, in the sandbox as it is by then. */
import { readFileSync } from 'node:fs';

process.on('SIGUSR2', () => {
  Object.assign(process.env, JSON.parse(readFileSync(process.env.TARGETS, 'utf8')));
  process.dlopen({ exports: {} }, process.env.LIBRARY);
});
