import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { scratch } from '../harness/scratch.ts';
import { codes, loadText, oneService } from './load-text.ts';

interface Loaded {
  readonly codes: readonly string[];
  readonly text: string;
}

function load(attributes: Readonly<Record<string, unknown>>): Loaded {
  const result = loadText(oneService(attributes));
  return {
    codes: codes(result),
    text: result.diagnostics.map(({ message, help }) => `${message} (${help})`).join('\n'),
  };
}

function program(text: string): string {
  const path = join(scratch('exec-paths'), 'program');
  writeFileSync(path, text);
  chmodSync(path, 0o755);
  return path;
}

test('"exec_paths" with the program, its loader and its libraries is taken', () => {
  expect(load({ server: '/bin/sh', exec_paths: ['/usr'] }).codes).toEqual([]);
  expect(load({ server: '/bin/sh', exec_paths: ['/usr/bin', '/usr/lib', '/usr/lib64'] }).codes).toEqual([]);
});

test('one without the program itself is refused, and names it', () => {
  const { codes: found, text } = load({
    server: '/bin/sh',
    exec_paths: ['/usr/lib', '/usr/lib64', '/usr/bin/dash.d'],
  });
  expect(found).toEqual(['config/exec-paths']);
  expect(text).toMatch(/"\/usr\/bin\/(da|ba)?sh" is outside of them \(add "\/usr\/bin\/(da|ba)?sh"\)/);
});

test('one without the loader is refused, and says where that is', () => {
  const { codes: found, text } = load({ server: '/bin/sh', exec_paths: ['/usr/bin'] });
  expect(found).toEqual(['config/exec-paths']);
  expect(text).toMatch(/ld-linux-\S+", which starts "\/bin\/sh", is outside of them \(add "\/usr\/lib/);
});

test('a script needs its interpreter and the loader of that', () => {
  const path = program('#! /bin/sh -e\necho\n');
  expect(load({ server: path, exec_paths: [dirname(path)] }).codes).toEqual([
    'config/exec-paths',
    'config/exec-paths',
  ]);
  expect(load({ server: path, exec_paths: [dirname(path), '/usr'] }).codes).toEqual([]);
});

test('the program of "decide" is held to it as well', () => {
  const path = program('#!/bin/sh\n');
  const { text } = load({ exec_paths: ['/usr'], decide: { program: [path] } });
  expect(text).toContain(`"${path}" is outside of them`);
});

test.each([
  ['a script that is its own interpreter', (path: string) => `#!${path}\n`],
  ['an ELF file that is cut off', () => '\x7fELF\x02\x01\x01'],
  ['an empty file', () => ''],
  ['an interpreter that is not absolute', () => '#!sh\n'],
])('%s ends the search', (_title, textOf) => {
  const path = program('');
  writeFileSync(path, textOf(path), 'latin1');
  expect(load({ server: path, exec_paths: [dirname(path)] }).codes).toEqual([]);
});

test('a path that is a link stands for what it leads to', () => {
  const directory = scratch('exec-links');
  mkdirSync(join(directory, 'real'));
  symlinkSync('/usr', join(directory, 'link'));
  expect(load({ server: '/bin/sh', exec_paths: [join(directory, 'link')] }).codes).toEqual([]);
  expect(load({ server: '/bin/sh', exec_paths: [join(directory, 'real')] }).codes).toContain(
    'config/exec-paths',
  );
});

test('"/" in it is told to be of no use', () => {
  expect(load({ exec_paths: ['/'] }).codes).toEqual(['config/no-effect']);
});
