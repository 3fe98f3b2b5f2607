import { chmodSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';

/** A fresh directory that every uid can read. It goes with the run. */
export function scratch(name: string): string {
  const directory = mkdtempSync(join(inject('testHome'), `${name}-`));
  chmodSync(directory, 0o755);
  return directory;
}
