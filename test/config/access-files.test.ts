import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LoadResult } from '../../src/config/load.ts';
import type { Access } from '../../src/model/service.ts';
import { isRoot } from '../harness/identity.ts';
import { fakeHost } from './fake-host.ts';
import { codes, loadText, oneService } from './load-text.ts';

const self = process.getuid?.() ?? 0;
let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'zinetd-lists-'));
  chmodSync(home, 0o755);
});

afterEach(() => rmSync(home, { recursive: true, force: true }));

function write(name: string, content: string | Uint8Array): string {
  const path = join(home, name);
  writeFileSync(path, content, { mode: 0o644 });
  return path;
}

function load(attributes: Readonly<Record<string, unknown>>): LoadResult {
  const changes = isRoot ? {} : { ownerUid: self, dispatcherUid: undefined };
  return loadText(oneService({ ...attributes, ...(isRoot ? {} : { user: undefined }) }), fakeHost(changes));
}

function accessOf(result: LoadResult): Access {
  const access = result.config?.services[0]?.access;
  if (!access) throw new Error(JSON.stringify(result.diagnostics));
  return access;
}

/** What a file can be instead of a list, and what is said of it; each is made at a path. */
const NO_FILES: readonly (readonly [what: string, code: string, make: (path: string) => void])[] = [
  ['missing', 'config/unreadable', () => {}],
  ['a directory', 'config/not-a-file', (path) => mkdirSync(path)],
  ['a FIFO', 'config/not-a-file', (path) => execFileSync('mkfifo', [path])],
  ['a device', 'config/untrusted-path', (path) => symlinkSync('/dev/null', path)],
  ['a link to itself', 'config/unreadable', (path) => symlinkSync(path, path)],
  ['below a file', 'config/unreadable', (path) => symlinkSync('/bin/true/list', path)],
  [
    'writable by others',
    'config/untrusted-path',
    (path) => {
      writeFileSync(path, '10.0.0.1\n');
      chmodSync(path, 0o666);
    },
  ],
];

describe.each(['only_from', 'no_access'])('a list of %s that is', (attribute) => {
  test.each(NO_FILES)('%s is an error, and nothing is served (S44)', (_what, code, make) => {
    const path = join(home, 'list');
    make(path);
    const result = load({ [attribute]: ['192.0.2.1', `file:${path}`] });
    expect([codes(result), result.config]).toEqual([[code], undefined]);
    expect(result.diagnostics[0]?.message).toContain(`"${path}"`);
  });

  test.each([
    ['cut in the middle of an address', '10.0.0.0/8\n192.0.2', '"192.0.2" in line 2'],
    ['cut in the middle of a prefix', '10.0.0.0/8\n192.0.2.0/', '"192.0.2.0/" in line 2'],
    ['cut in the middle of an IPv6 address', '2001:db8:', '"2001:db8:" in line 1'],
    ['wrong in one line', '10.0.0.1\n# fine\nhost.example\n10.0.0.2\n', '"host.example" in line 3'],
    ['open by a mistake', '0.0.0.0/0/8\n', '"0.0.0.0/0/8" in line 1'],
    ['not text', '\0\0\0\0', 'in line 1'],
    ['of another kind', '<html>\n', '"<html>" in line 1'],
  ])('%s is an error that names the line, and nothing is served (S44)', (_what, text, named) => {
    const result = load({ [attribute]: [`file:${write('list', text)}`] });
    expect([codes(result), result.config]).toEqual([['config/list-line'], undefined]);
    expect(result.diagnostics[0]?.message).toContain(named);
  });
});

describe('a list in a file', () => {
  test('that is empty is nobody: only_from shuts everybody out, no_access nobody (S44)', () => {
    const entry = `file:${write('list', '')}`;
    const access = accessOf(load({ only_from: [entry], no_access: [entry] }));
    for (const list of [access.onlyFrom, access.noAccess]) {
      expect(list?.names).toEqual([]);
      expect(list?.prefixes.map(({ list: { v4, v6 } }) => v4.count + v6.count)).toEqual([0, 0]);
    }
  });

  test('without a newline at the end is whole: the last line counts', () => {
    const access = accessOf(load({ no_access: [`file:${write('list', '10.0.0.0/8\n192.0.2.1')}`] }));
    expect(access.noAccess?.prefixes.map(({ list }) => list.v4.count)).toEqual([0, 2]);
  });

  test('that several services name is read once, and its error is told of once (S44)', () => {
    const path = join(home, 'list');
    const service = { listen: 'tcp://127.0.0.1:0', sensor: true, only_from: [`file:${path}`] };
    const document = { version: 1, services: { a: service, b: { ...service, no_access: [`file:${path}`] } } };
    const result = loadText(JSON.stringify(document), fakeHost({ ownerUid: self }));
    expect([result.config, codes(result)]).toEqual([undefined, ['config/unreadable']]);
  });

  test('is watched, and so is one that is missing', () => {
    const path = write('list', '10.0.0.1\n');
    const missing = join(home, 'hosts.allow');
    const { config } = load({ no_access: [`file:${path}`], hosts_access: { allow: missing, deny: path } });
    expect(config).toBeUndefined();
    const deny = write('hosts.deny', 'ALL: ALL\n');
    const loaded = load({ no_access: [`file:${path}`], hosts_access: { allow: missing, deny } });
    expect(new Set(loaded.config?.watched.map((it) => it.path))).toEqual(new Set([path, missing, deny]));
  });
});

describe.each(['allow', 'deny'] as const)('a hosts.%s that is', (table) => {
  const other = table === 'allow' ? 'deny' : 'allow';

  function loadTable(path: string): LoadResult {
    return load({ hosts_access: { [table]: path, [other]: write('other', 'ALL: ALL\n') } });
  }

  test('missing has no rules, as in tcp_wrappers, and the other one counts (S44)', () => {
    const { rules } = loadTable(join(home, 'nothing')).config?.services[0]?.rules.hosts ?? {};
    expect([rules?.[table].length, rules?.[other].length]).toEqual([0, 1]);
  });

  test.each(NO_FILES.slice(1))('%s is an error, and nothing is served (S44)', (_what, code, make) => {
    const path = join(home, 'table');
    make(path);
    // A link that leads nowhere is a file that is missing, but one below a file is not.
    const result = loadTable(path);
    expect([codes(result), result.config]).toEqual([[code], undefined]);
  });

  test.each([
    ['cut before the newline', 'ALL: 10.0.0.1', 'hosts/missing-newline'],
    ['cut in the middle of a rule', 'ALL: 10.0.0.1\nALL\n', 'hosts/missing-separator'],
    ['cut in the middle of a pattern', 'ALL: 10.0.0\n', 'hosts/bad-pattern'],
    ['cut after the colon', 'ALL:\n', 'hosts/empty-list'],
  ])('%s is an error with its place, and nothing is served (S44)', (_what, text, code) => {
    const path = write('table', text);
    const result = loadTable(path);
    expect([codes(result), result.config]).toEqual([[code], undefined]);
    expect(result.diagnostics[0]?.span).toMatchObject({
      file: path,
      range: { line: text.split('\n').length - (text.endsWith('\n') ? 1 : 0) },
    });
  });

  test.each(['spawn', 'twist'])('asking for %s is an error with its place in the file (S56)', (option) => {
    const path = write('table', `# rules\nin.ftpd: 10.\\\n1.\nALL: ALL: ${option} /bin/echo %c: allow\n`);
    const result = loadTable(path);
    expect(result.config).toBeUndefined();
    expect(result.diagnostics).toMatchObject([
      { code: `hosts/${option}`, span: { file: path, range: { line: 4 } } },
    ]);
  });
});

test('no file of patterns is taken for empty when it cannot be read (S44)', () => {
  const allow = write('allow', `ALL: ${join(home, 'patterns')}\n`);
  const result = load({ hosts_access: { allow } });
  expect([codes(result), result.config]).toEqual([['hosts/unreadable-file', 'config/unreadable'], undefined]);
});

test.runIf(isRoot)('a file that we may not read is an error, not a list that is empty (S44)', () => {
  const list = write('list', '10.0.0.1\n');
  chmodSync(list, 0o600);
  const loadUnprivileged = (attributes: Readonly<Record<string, unknown>>): LoadResult => {
    process.seteuid?.(65_534);
    try {
      return load(attributes);
    } finally {
      process.seteuid?.(0);
    }
  };
  for (const attributes of [{ no_access: [`file:${list}`] }, { hosts_access: { deny: list } }]) {
    const result = loadUnprivileged(attributes);
    expect([codes(result), result.config]).toEqual([['config/unreadable'], undefined]);
    expect(result.diagnostics[0]?.message).toContain('EACCES');
  }
});

test.runIf(isRoot)(
  'a user in a rule that nobody but root could become is warned of, not left out silently (promise 8)',
  () => {
    const allow = write('allow', 'ALL: 10.1.: user ftp\nALL: 10.2.: user me\n');
    const attributes = { hosts_access: { allow, deny: join(home, 'nothing') }, user: undefined };
    const host = fakeHost({ ownerUid: 1000, dispatcherUid: undefined });
    const { config, diagnostics } = loadText(oneService(attributes), host);
    expect(diagnostics).toMatchObject([
      { code: 'config/cannot-change-identity', message: expect.stringContaining('"user"') },
    ]);
    expect(config?.services[0]?.programs).toHaveLength(1);
  },
);
