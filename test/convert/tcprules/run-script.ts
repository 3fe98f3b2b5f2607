import { expect } from 'vitest';
import { readTcprules } from '../../../src/convert/tcprules/read-tcprules.ts';
import { convertPaths, filesIn } from '../convert-paths.ts';

export type Files = Parameters<typeof filesIn>[0];

export function convert(files: Files, paths: readonly string[] = Object.keys(files).slice(0, 1)) {
  return convertPaths(readTcprules, filesIn(files), paths);
}

/** A script of one command that must be right but for what `codes` say. */
export function service(command: string, codes: readonly string[] = []): Readonly<Record<string, unknown>> {
  const found = convert({ 'x/run': `#!/bin/sh\n${command}\n` });
  expect(found.codes).toEqual(codes);
  return found.services['x'] ?? {};
}
