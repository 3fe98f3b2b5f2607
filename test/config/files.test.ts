import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type LoadResult, loadConfig } from '../../src/config/load.ts';
import { fakeHost } from './fake-host.ts';
import { codes } from './load-text.ts';

const self = process.getuid?.() ?? 0;
let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'zinetd-files-'));
  mkdirSync(join(home, 'd'));
  for (const path of [home, join(home, 'd')]) chmodSync(path, 0o755);
});

afterEach(() => rmSync(home, { recursive: true, force: true }));

function write(name: string, content: string | Uint8Array): string {
  const path = join(home, name);
  writeFileSync(path, content);
  chmodSync(path, 0o644);
  return path;
}

function services(...names: readonly string[]): string {
  return JSON.stringify({ services: Object.fromEntries(names.map((name) => [name, SERVICE])) });
}

const SERVICE = { listen: 'tcp://127.0.0.1:0', server: '/bin/true' };

function load(main: string): LoadResult {
  const dispatcherUid = self === 0 ? 999 : undefined;
  return loadConfig({ path: write('main.yaml', main) }, fakeHost({ ownerUid: self, dispatcherUid }));
}

function withServer(server: string, more: object = {}): LoadResult {
  const s = { ...SERVICE, user: 'root', server, ...more };
  return load(JSON.stringify({ version: 1, services: { s } }));
}

function loadIncluding(include: string): LoadResult {
  return load(`version: 1\ninclude: ${include}\ndefaults: {${self === 0 ? 'user: root' : ''}}\n`);
}

function names(result: LoadResult): readonly string[] | undefined {
  return result.config?.services.map(({ name }) => name);
}

test('included files come sorted, and what editors and package managers leave behind never matches (S103)', () => {
  const left = ['.hidden.yaml', 'x.yaml~', '#x.yaml#', 'x.yaml.rpmnew', 'x.yaml.dpkg-old', 'x.yaml.swp'];
  for (const name of left) write(`d/${name}`, 'nonsense: [');
  write('d/b.yaml', services('b'));
  write('d/a.yaml', services('a2', 'a1'));
  expect(names(loadIncluding('[d/*]'))).toEqual(['a2', 'a1', 'b']);
  expect(names(loadIncluding('["d/?.yaml", "d/a*"]'))).toEqual(['a2', 'a1', 'b']);
});

test('a path without wildcard and a directory must exist; an empty directory may match nothing', () => {
  expect(codes(loadIncluding('[d/x.yaml]'))).toEqual(['config/unreadable']);
  expect(codes(loadIncluding('["nowhere/*.yaml"]'))).toEqual(['config/include-missing']);
  expect(codes(loadIncluding('["d/*.yaml"]'))).toEqual(['config/no-services']);
});

test('a wildcard elsewhere than in the last component, and the file itself, are refused (S103)', () => {
  for (const include of ['["*/x.yaml"]', '["d/[ab].yaml"]', '["d/{a,b}.yaml"]', '[d/]', '["*.yaml"]']) {
    expect(codes(loadIncluding(include)), include).toEqual(['config/include']);
  }
});

test('an included file cannot include, set defaults, or define what another one has defined', () => {
  write('d/a.yaml', services('a'));
  write(
    'd/b.yaml',
    'include: [c.yaml]\ndefaults: {nice: 1}\nservices:\n  a: {listen: "tcp://127.0.0.1:0", server: /bin/true}',
  );
  const result = loadIncluding('["d/*.yaml"]');
  expect(codes(result)).toEqual(['config/nested-include', 'config/unknown-key', 'config/duplicate-service']);
  expect(result.diagnostics[2]?.related[0]?.span.file).toBe(join(home, 'd/a.yaml'));
});

test('what others can write to is neither read nor included nor started (S104, S127)', () => {
  const open = write('d/open.yaml', services('a'));
  chmodSync(open, 0o666);
  expect(codes(loadIncluding('[d/open.yaml]'))).toEqual(['config/untrusted-path']);
  chmodSync(join(home, 'd'), 0o777);
  expect(codes(loadIncluding('["d/*.yaml"]'))).toEqual(['config/untrusted-path']);
});

test('a program that others could replace, a link to one, and a missing one are refused (S127)', () => {
  const program = join(home, 'd/true');
  copyFileSync('/bin/true', program);
  chmodSync(program, 0o777);
  expect(codes(withServer(program))).toContain('config/untrusted-path');
  symlinkSync(program, join(home, 'link'));
  expect(codes(withServer(join(home, 'link')))).toContain('config/untrusted-path');
  expect(codes(withServer(join(home, 'nothing')))).toContain('config/unreadable');
});

test('with "chroot" the program is the one that stands there, whatever the machine has at its path (S127)', () => {
  const load = (server: string) => withServer(server, { chroot: home });
  copyFileSync('/bin/true', join(home, 'd/jailed'));
  expect(codes(load('/d/jailed'))).toEqual([]);
  expect(codes(load('/bin/true'))).toEqual(['config/unreadable']);
  const decide = { program: ['/bin/true'] };
  expect(codes(withServer('/d/jailed', { chroot: home, decide }))).toEqual(['config/unreadable']);
  chmodSync(join(home, 'd/jailed'), 0o777);
  expect(codes(load('/d/jailed'))).toEqual(['config/untrusted-path']);
});

test('a program with a set-id bit, one that is not executable, and a directory are refused (S127)', () => {
  const program = join(home, 'd/true');
  copyFileSync('/bin/true', program);
  for (const mode of [0o4755, 0o2755]) {
    chmodSync(program, mode);
    expect(codes(withServer(program))).toContain('config/server-setuid');
  }
  chmodSync(program, 0o644);
  expect(codes(withServer(program))).toContain('config/server-not-executable');
  expect(codes(withServer(home))).toContain('config/server-not-executable');
});

test('a file of more than 1 MiB, one that is not UTF-8, and one that is no file are refused (S106)', () => {
  expect(codes(load(`#${'x'.repeat(1_048_576)}`))).toEqual(['config/too-large']);
  write('latin1', Uint8Array.of(0x23, 0xe9, 0x0a));
  expect(codes(loadConfig({ path: join(home, 'latin1') }, fakeHost({ ownerUid: self })))).toEqual([
    'config/not-utf8',
  ]);
  expect(codes(loadConfig({ path: home }, fakeHost({ ownerUid: self })))).toEqual(['config/not-a-file']);
  execFileSync('mkfifo', ['-m', '644', join(home, 'fifo')]);
  expect(codes(loadConfig({ path: join(home, 'fifo') }, fakeHost({ ownerUid: self })))).toEqual([
    'config/not-a-file',
  ]);
});

test('a configuration that does not exist is a diagnostic of the whole file', () => {
  const result = loadConfig({ path: join(home, 'nothing.yaml') }, fakeHost({ ownerUid: self }));
  expect(result.diagnostics).toMatchObject([
    { code: 'config/unreadable', span: { file: join(home, 'nothing.yaml'), range: undefined } },
  ]);
});
