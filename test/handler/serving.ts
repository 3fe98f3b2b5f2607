import { copyFileSync, mkdirSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { inject } from 'vitest';
import { scratch } from '../harness/scratch.ts';

/** A program as its author has it: beside a node_modules with zinetd in it. Anybody can read all of it. */
export function installed(source: string): string {
  const directory = scratch('handler');
  mkdirSync(join(directory, 'node_modules'));
  symlinkSync(inject('openInstall'), join(directory, 'node_modules/zinetd'));
  const path = join(directory, basename(source));
  copyFileSync(source, path);
  return path;
}

/** What each of its clients tells it to do; `options` are those of serve(). */
export function told(options: Readonly<Record<string, unknown>> = {}): readonly string[] {
  return [installed('test/handler/fixtures/told.mjs'), JSON.stringify(options)];
}
