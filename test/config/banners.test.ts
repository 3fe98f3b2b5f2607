import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { printResolution } from '../../src/config/print.ts';
import { scratch } from '../harness/scratch.ts';
import { fakeHost } from './fake-host.ts';
import { codes, loadService, loadText, oneService, places } from './load-text.ts';

const MOST_BYTES = 65_536;
const own = fakeHost({ ownerUid: process.getuid?.() ?? 0, findUserById: () => undefined });

function file(name: string, content: string | Uint8Array): string {
  const path = join(scratch('banners'), name);
  writeFileSync(path, content, { mode: 0o644 });
  return path;
}

function codesOf(attributes: Readonly<Record<string, unknown>>): readonly string[] {
  return codes(loadText(oneService(attributes), own));
}

describe('banners', () => {
  test('are bytes as they are in their files, shared and watched', () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
    const path = file('any', bytes);
    const { config } = loadText(oneService({ banner: path, banner_fail: path }), own);
    const banners = config?.services[0]?.banners;
    expect(banners).toEqual({ always: bytes, success: undefined, fail: bytes });
    expect(banners?.always).toBe(banners?.fail);
    expect(config?.watched.map((it) => it.path)).toEqual([path]);
  });

  test('have 64 KiB at the most, and one that is empty is none (S96)', () => {
    const most = file('most', Buffer.alloc(MOST_BYTES));
    expect(loadService({ banner: most }, own).banners?.always).toHaveLength(MOST_BYTES);
    expect(loadService({ banner: file('empty', '') }, own).banners).toBeUndefined();
  });

  test.each([
    [
      'larger than 64 KiB',
      'config/too-large',
      (path: string) => writeFileSync(path, Buffer.alloc(MOST_BYTES + 1)),
    ],
    [
      'of 1 GB',
      'config/too-large',
      (path: string) => {
        writeFileSync(path, '');
        truncateSync(path, 2 ** 30);
      },
    ],
    ['a FIFO', 'config/not-a-file', (path: string) => execFileSync('mkfifo', ['-m', '644', path])],
    ['a directory', 'config/not-a-file', (path: string) => mkdirSync(path, { mode: 0o755 })],
    ['a link to /etc/passwd', 'config/not-a-file', (path: string) => symlinkSync('/etc/passwd', path)],
    ['missing', 'config/unreadable', () => {}],
    [
      'writable by everybody',
      'config/untrusted-path',
      (path: string) => {
        writeFileSync(path, 'x');
        execFileSync('chmod', ['666', path]);
      },
    ],
  ] as const)('of a file that is %s are refused with a place (S96)', (_what, code, make) => {
    const path = join(scratch('banners'), 'x');
    make(path);
    for (const name of ['banner', 'banner_success', 'banner_fail']) {
      const result = loadText(oneService({ [name]: path }), own);
      expect(places(result)).toEqual([expect.stringMatching(new RegExp(`^1:\\d+ ${code}$`))]);
    }
  });

  test('of a device are refused (S96)', () => {
    expect(codesOf({ banner: '/dev/zero' })).toEqual([
      expect.stringMatching(/^config\/(not-a-file|untrusted-path)$/),
    ]);
    expect(loadText(oneService({ banner: '/dev/zero' }), own).config).toBeUndefined();
  });

  test.each([
    [{ listen: 'udp://127.0.0.1:0', wait: true }],
    [{ listen: 'tcp://127.0.0.1:0', wait: true }],
    [{ listen: 'udp://127.0.0.1:0', server: undefined, builtin: 'echo' }],
  ])('that nobody can hear are warned of: %j (S65)', (attributes) => {
    const path = file('any', 'x');
    expect(codesOf({ ...attributes, banner: path })).toContain('config/no-effect');
    const document = JSON.parse(oneService(attributes)) as object;
    const inherited = loadText(JSON.stringify({ ...document, defaults: { banner: path } }), own);
    expect(codes(inherited)).not.toContain('config/no-effect');
    expect(inherited.config?.services[0]?.banners).toBeUndefined();
    expect(inherited.resolved && printResolution(inherited.resolved)).not.toContain('banner');
  });

  test('are for those who come by tcpmux as well, and printed as they are written', () => {
    const banner = file('any', 'x');
    const result = loadText(oneService({ listen: 'tcpmux://x', banner }), own);
    expect(result.config?.services[0]?.banners?.always).toHaveLength(1);
    expect(result.resolved && printResolution(result.resolved)).toContain(`banner: ${banner}`);
  });
});
