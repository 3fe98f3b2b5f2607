import {
  chmodSync,
  chownSync,
  lchownSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkTrust, checkTrustBelow } from '../../src/config/trust.ts';

const STRANGER = 4242;
const self = process.getuid?.() ?? 0;
const isRoot = self === 0;
let home: string;

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'zinetd-trust-'));
  chmodSync(home, 0o755);
});

afterAll(() => rmSync(home, { recursive: true, force: true }));

function directory(name: string, mode = 0o755): string {
  const path = join(home, name);
  mkdirSync(path, { recursive: true });
  chmodSync(path, mode);
  return path;
}

function file(path: string, mode = 0o644): string {
  writeFileSync(path, '');
  chmodSync(path, mode);
  return path;
}

function link(target: string, path: string): string {
  symlinkSync(target, path);
  return path;
}

function verdict(path: string, ownerUid = self): string {
  const trust = checkTrust(path, { ownerUid });
  return trust.trusted ? 'trusted' : `${trust.kind}: ${trust.reason.replaceAll(home, '')}`;
}

test('a file below directories that only the owner writes to is trusted, /tmp being sticky (S104)', () => {
  expect(verdict(file(join(directory('plain'), 'x')))).toBe('trusted');
});

test('a file or directory that everybody can write to is refused (S104, S127)', () => {
  const open = file(join(directory('open-file'), 'x'), 0o666);
  expect(verdict(open)).toBe('untrusted: "/open-file/x" is writable by everybody');
  const inside = file(join(directory('open-directory', 0o777), 'x'));
  expect(verdict(inside)).toBe('untrusted: "/open-directory" is writable by everybody');
});

test('what its group can write to is refused when root starts zinetd, and only then (S104)', () => {
  const shared = file(join(directory('shared', 0o775), 'x'), 0o664);
  expect(verdict(shared, 0)).toMatch(/^untrusted: .* (is writable by its group|belongs to uid)/);
  if (!isRoot) expect(verdict(shared)).toBe('trusted');
});

test.runIf(isRoot)(
  'what belongs to somebody else is refused, be it file, directory or link (S104, S127)',
  () => {
    const other = file(join(directory('other-file'), 'x'));
    chownSync(other, STRANGER, 0);
    expect(verdict(other)).toBe('untrusted: "/other-file/x" belongs to uid 4242, not to root');
    const theirs = directory('other-directory');
    const inside = file(join(theirs, 'x'));
    chownSync(theirs, STRANGER, 0);
    expect(verdict(inside)).toBe('untrusted: "/other-directory" belongs to uid 4242, not to root');
    const theirLink = link(file(join(directory('other-link'), 'x')), join(home, 'other-link/l'));
    lchownSync(theirLink, STRANGER, 0);
    expect(verdict(theirLink)).toBe('untrusted: "/other-link/l" belongs to uid 4242, not to root');
  },
);

test.runIf(isRoot)(
  'what belongs to the one who starts zinetd is trusted by that one, and not by root (S104)',
  () => {
    const mine = file(join(directory('mine'), 'x'));
    chownSync(mine, STRANGER, 0);
    expect(verdict(mine, STRANGER)).toBe('trusted');
    expect(verdict(mine, STRANGER + 1)).toBe(
      'untrusted: "/mine/x" belongs to uid 4242, not to root or uid 4243',
    );
  },
);

test('a link is followed, and each hop of its target is checked as well (S104)', () => {
  const good = file(join(directory('target'), 'x'));
  const links = directory('links');
  expect(verdict(link(good, join(links, 'absolute')))).toBe('trusted');
  expect(verdict(link('../target/x', join(links, 'relative')))).toBe('trusted');
  expect(verdict(join(link('../target', join(links, 'directory')), 'x'))).toBe('trusted');
  const bad = file(join(directory('bad-target', 0o777), 'x'));
  expect(verdict(link(bad, join(links, 'bad')))).toBe('untrusted: "/bad-target" is writable by everybody');
  const trust = checkTrust(join(links, 'relative'), { ownerUid: self });
  expect(trust.trusted && trust.path).toBe(good);
});

test('below another root, paths and links are what a process sees that has this root (S127)', () => {
  const root = directory('root');
  directory('root/bin');
  const below = (path: string): string => {
    const trust = checkTrustBelow(path, { ownerUid: self, root });
    return trust.trusted ? trust.path.replace(root, 'ROOT') : trust.reason.replace(root, 'ROOT');
  };
  file(join(root, 'bin/x'));
  link('/bin/x', join(root, 'absolute'));
  link('../../../../../../bin/x', join(root, 'bin/up'));
  expect(['/bin/x', '/absolute', '/bin/up', '/../bin/x'].map(below)).toEqual(Array(4).fill('ROOT/bin/x'));
  expect(below('/bin/sh')).toBe('"ROOT/bin/sh" does not exist');
  file(join(root, 'bin/open'), 0o777);
  expect(below('/bin/open')).toBe('"ROOT/bin/open" is writable by everybody');
  chmodSync(root, 0o777);
  expect(below('/bin/x')).toBe('"ROOT" is writable by everybody');
});

test('a loop of links ends in a refusal (S104)', () => {
  const loops = directory('loops');
  link('b', join(loops, 'a'));
  link('a', join(loops, 'b'));
  expect(verdict(join(loops, 'a'))).toBe('unreadable: "/loops/a" is a loop of links');
});

test('a path through a file, to nothing, or not from the root down is refused', () => {
  const plain = file(join(directory('edges'), 'x'));
  expect(verdict(join(plain, 'y'))).toMatch(/^unreadable: .*is not a directory$/);
  expect(verdict(join(home, 'edges/nothing'))).toBe('unreadable: "/edges/nothing" does not exist');
  expect(verdict('edges/x')).toBe('untrusted: "edges/x" is not absolute');
  expect(verdict(`${home}/edges/../edges/./x`)).toBe('trusted');
});
