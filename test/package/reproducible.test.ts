import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { scratch } from '../harness/scratch.ts';

/** All that a build of the TypeScript reads. */
const SOURCES = ['src', 'scripts', 'package.json', 'tsconfig.json', 'tsconfig.build.json'];

/** Builds in a directory of its own, and says what every file is. */
function build(name: string): Readonly<Record<string, string>> {
  const directory = scratch(name);
  for (const source of SOURCES) cpSync(source, join(directory, source), { recursive: true });
  symlinkSync(join(process.cwd(), 'node_modules'), join(directory, 'node_modules'));
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: directory, stdio: 'pipe' });
  const files = readdirSync(join(directory, 'dist'), { recursive: true, withFileTypes: true }).filter((it) =>
    it.isFile(),
  );
  const digests = files.map(({ parentPath, name }): [string, string] => {
    const path = join(parentPath, name);
    const digest = createHash('sha256').update(readFileSync(path)).digest('hex');
    return [path.slice(directory.length + 1), digest];
  });
  return Object.fromEntries(digests.sort());
}

test('two builds, in directories of other names, are the same to the last byte (S137)', () => {
  const first = build('one');
  expect(Object.keys(first)).toContain('dist/main.js');
  expect(build('another-one')).toEqual(first);
}, 120_000);
