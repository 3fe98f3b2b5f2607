import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { scratch } from '../harness/scratch.ts';
import { fakeHost } from './fake-host.ts';
import { loadText, oneService } from './load-text.ts';

const host = fakeHost({ ownerUid: process.getuid?.() ?? 0, findUserById: () => undefined });

/** A service whose only rule has these options, and a directory of banners with one for `daemon`. */
function load(
  content: string | Uint8Array | undefined,
  { daemon = 'in.ftpd', mode = 0o644, options = '' } = {},
) {
  const directory = scratch('banners');
  if (content !== undefined) {
    writeFileSync(join(directory, daemon), content);
    chmodSync(join(directory, daemon), mode);
  }
  const rule = `ALL: ALL: banners ${directory}${options}`;
  const result = loadText(oneService({ hosts_access: { allow: [], deny: [rule], daemon } }), host);
  const text = result.config?.services[0]?.rules.hosts?.outcomes.deny[0]?.text;
  return { text, diagnostics: result.diagnostics };
}

describe('a banner of hosts_options(5)', () => {
  test('is the file that is called like the daemon, with what it expands in our words (S96)', () => {
    const { text, diagnostics } = load('Hello %a %c %h %n,\nhere is %d, %s: 100 %%\n');
    expect(diagnostics).toEqual([]);
    const address = { field: 'address' };
    expect(text?.filter((part) => typeof part !== 'string')).toEqual([address, address, address, address]);
    expect(text?.filter((part) => typeof part === 'string').join('')).toBe(
      'Hello    ,\r\nhere is in.ftpd, in.ftpd: 100 %\r\n',
    );
  });

  test('takes a percent sign in the name of the daemon for one', () => {
    expect(load('%d', { daemon: '50%off' }).text).toEqual(['50', '%', 'off']);
  });

  test('is none where there is no such file', () => {
    expect(load(undefined)).toEqual({ text: undefined, diagnostics: [] });
  });

  test('is refused where it expands what nobody knows, with what there is', () => {
    const { text, diagnostics } = load('Hello %u\n');
    expect(text).toBeUndefined();
    expect(diagnostics).toMatchObject([
      {
        code: 'hosts/banner',
        message: expect.stringContaining('in.ftpd": '),
        help: expect.stringContaining('%d and %s the name of the daemon'),
      },
    ]);
  });

  test('is refused where it is not text, or where others can write to it', () => {
    expect(load(Uint8Array.of(0x61, 0xff)).diagnostics).toMatchObject([
      { code: 'hosts/banner', message: expect.stringContaining('it is not UTF-8 text'), help: undefined },
    ]);
    expect(load('x', { mode: 0o666 }).diagnostics).toMatchObject([{ code: 'config/untrusted-path' }]);
  });

  test('of several the last one counts', () => {
    const other = scratch('banners');
    writeFileSync(join(other, 'in.ftpd'), 'other', { mode: 0o644 });
    expect(load('one', { options: `: banners ${other}` }).text).toEqual(['other']);
  });
});

test('a rule may not lead to a priority that there is not', () => {
  const rule = (increment: number) => ({ allow: [`ALL: ALL: nice ${increment}`], deny: [] });
  const told = (increment: number) =>
    loadText(oneService({ nice: 15, hosts_access: rule(increment) }), host).diagnostics;
  expect(told(4)).toEqual([]);
  expect(told(5)).toMatchObject([
    { code: 'hosts/bad-option', message: 'Cannot use "nice 5" for service "s": it leads to 20' },
  ]);
});

test('a table of rules that is not there has none, and one that is no file is refused', () => {
  const directory = scratch('tables');
  mkdirSync(join(directory, 'deny'));
  const load = (deny: string) =>
    loadText(oneService({ hosts_access: { allow: join(directory, 'allow'), deny } }), host);
  expect(load(join(directory, 'none')).config?.services[0]?.rules.hosts?.rules).toEqual({
    allow: [],
    deny: [],
  });
  expect(load(join(directory, 'deny')).diagnostics).toMatchObject([{ code: 'config/not-a-file' }]);
});
