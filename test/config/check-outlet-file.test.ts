import { chmodSync, chownSync, linkSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkOutletFile } from '../../src/config/check-outlet-file.ts';
import { isRoot } from '../harness/identity.ts';
import { scratch } from '../harness/scratch.ts';

const STRANGER = 4242;
const ownerUid = process.getuid?.() ?? 0;
const owners = ownerUid === 0 ? 'root' : `root or uid ${ownerUid}`;

/** What is said of a path, with `~` for the directory of the test. */
function verdict(home: string, name: string): string {
  const found = checkOutletFile(join(home, name), { ownerUid });
  return ('path' in found ? found.path : found.reason).replaceAll(home, '~');
}

function home(): string {
  const directory = scratch('outlet-file');
  writeFileSync(join(directory, 'log'), '');
  return directory;
}

test('a file of the owner passes, and one that is not there yet', () => {
  const at = home();
  expect(verdict(at, 'log')).toBe('~/log');
  expect(verdict(at, 'new')).toBe('~/new');
});

test('links of the owner to directories are followed, so that the spawner meets none', () => {
  const at = home();
  mkdirSync(join(at, 'real'));
  symlinkSync('real', join(at, 'linked'));
  expect(verdict(at, 'linked/log')).toBe('~/real/log');
});

test('a link, a hard link, a directory and a device are refused (S111)', () => {
  const at = home();
  symlinkSync('log', join(at, 'link'));
  linkSync(join(at, 'log'), join(at, 'other'));
  mkdirSync(join(at, 'directory'));
  expect(verdict(at, 'link')).toBe('"~/link" is a link');
  expect(verdict(at, 'log')).toBe('"~/log" has other names, too: it is a hard link');
  expect(verdict(at, 'directory')).toBe('"~/directory" is not a regular file');
  const reasonOf = (path: string) => checkOutletFile(path, { ownerUid });
  expect(reasonOf('/dev/null')).toEqual({ reason: '"/dev/null" is not a regular file' });
  expect(reasonOf(`${at}/directory/..`)).toEqual({ reason: `"${at}" is not a regular file` });
});

test('a directory that others can write to is refused, or that is not there (S112)', () => {
  const at = home();
  mkdirSync(join(at, 'open'));
  chmodSync(join(at, 'open'), 0o777);
  expect(verdict(at, 'open/log')).toBe('"~/open" is writable by everybody');
  expect(verdict(at, 'missing/log')).toBe('"~/missing" does not exist');
  expect(verdict(at, 'log/log')).toBe('"~/log" is not a directory');
  expect(checkOutletFile('log', { ownerUid })).toEqual({ reason: '"log" is not absolute' });
  expect(checkOutletFile('/tmp/', { ownerUid })).toEqual({ reason: '"/tmp/" is a directory' });
  expect(verdict(at, 'x'.repeat(300))).toMatch(/ gives ENAMETOOLONG$/);
});

test.runIf(isRoot)("somebody else's file and directory are refused (S111, S112)", () => {
  const at = home();
  chownSync(join(at, 'log'), STRANGER, 0);
  mkdirSync(join(at, 'theirs'));
  chownSync(join(at, 'theirs'), STRANGER, 0);
  expect(verdict(at, 'log')).toBe(`"~/log" belongs to uid ${STRANGER}, not to ${owners}`);
  expect(verdict(at, 'theirs/log')).toBe(`"~/theirs" belongs to uid ${STRANGER}, not to ${owners}`);
});
