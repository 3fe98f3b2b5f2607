import { join } from 'node:path';
import { inject } from 'vitest';

/** The path of a program from test/fixtures/handlers, where zinetd trusts it. */
export function handler(name: string): string {
  return join(inject('testHome'), 'bin', name);
}
