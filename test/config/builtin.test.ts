import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { scratch } from '../harness/scratch.ts';
import { fakeHost } from './fake-host.ts';
import { loadText } from './load-text.ts';

const host = fakeHost({ ownerUid: process.getuid?.() ?? 0, findUserById: () => undefined });

function load(attributes: Readonly<Record<string, unknown>>) {
  const service = { listen: 'tcp://127.0.0.1:0', ...attributes };
  return loadText(JSON.stringify({ version: 1, services: { s: service } }), host);
}

function said(attributes: Readonly<Record<string, unknown>>): readonly string[] {
  return load(attributes).diagnostics.map(({ code, message }) => `${code}: ${message}`);
}

function quotesIn(text: string | Uint8Array, mode = 0o644): string {
  const path = join(scratch('quotes'), 'quotes');
  writeFileSync(path, text, { mode });
  return path;
}

describe('builtin: ident', () => {
  test.each(['fakeid', 'any_fakeid'])(
    'reads nothing in home directories: %s is refused with advice',
    (name) => {
      const { diagnostics, config } = load({ builtin: 'ident', ident: { [name]: true } });
      expect(config).toBeUndefined();
      expect(diagnostics).toMatchObject([
        {
          code: 'config/not-supported',
          message: `Cannot use "${name}" in service "s": nothing of zinetd may read home directories`,
          help: expect.stringContaining('"noident: true"'),
        },
      ]);
    },
  );

  test.each(['0s', '61s', 'soon'])('waits for no answer as long as %s', (timeout) => {
    expect(said({ builtin: 'ident', ident: { timeout } })[0]).toContain(
      'must be a duration from "1ms" to "60s"',
    );
  });

  test('says UNIX within ten seconds where nothing else is written', () => {
    const [service] = load({ builtin: 'ident' }).config?.services ?? [];
    expect(service?.builtin).toMatchObject({ ident: { os: 'UNIX', timeoutMs: 10_000, fakeid: 'none' } });
  });
});

describe('builtin: qotd', () => {
  test('says what its file has', () => {
    const [service] =
      load({ builtin: 'qotd', qotd_file: quotesIn('One.\n%\nTwo.\n') }).config?.services ?? [];
    expect(service?.builtin).toEqual({ kind: 'qotd', quotes: ['One.\r\n', 'Two.\r\n'] });
  });

  test('needs a file', () => {
    expect(said({ builtin: 'qotd' })).toEqual([
      'config/conflict: Cannot use "builtin" in service "s": qotd needs a "qotd_file"',
    ]);
  });

  test.each([
    ['x'.repeat(65_537), 'config/too-large', 'it is larger than 64 KiB'],
    [`a\n%\n${'x'.repeat(512)}\n`, 'config/quote', 'the one in line 3 has 512 characters or more'],
    ['%\n%\n', 'config/quote', 'there is none in it'],
  ])('takes no file that has nothing to say, or too much', (text, code, reason) => {
    const path = quotesIn(text);
    expect(said({ builtin: 'qotd', qotd_file: path })).toEqual([
      `${code}: Cannot use "${path}" as a file of quotations: ${reason}`,
    ]);
  });

  test('takes no file that cannot be read', () => {
    expect(said({ builtin: 'qotd', qotd_file: '/nowhere/quotes' })[0]).toMatch(/^config\/unreadable: /);
  });
});

describe('what belongs to a builtin', () => {
  test('is no use elsewhere', () => {
    expect(said({ builtin: 'echo', ident: { real: true }, qotd_file: quotesIn('One.\n') })).toEqual([
      'config/conflict: Cannot use "ident" in service "s": it belongs to "builtin: ident"',
      'config/conflict: Cannot use "qotd_file" in service "s": it belongs to "builtin: qotd"',
    ]);
  });

  test('is no program, and nobody to wait for', () => {
    expect(said({ builtin: 'echo', wait: true, server: '/bin/true' })).toEqual([
      'config/conflict: Cannot use "wait" in service "s": zinetd gives this service itself',
      'config/conflict: Cannot use "server" in service "s": zinetd gives this service itself',
    ]);
  });

  test.each([
    ['echo', 'unix-seqpacket://@x'],
    ['echo', 'unix-dgram://@x'],
    ['ident', 'udp://127.0.0.1:0'],
    ['ident', 'unix://@x'],
    ['tcpmux', 'udp://127.0.0.1:0'],
  ])('%s does not speak over %s', (builtin, listen) => {
    const scheme = listen.split(':')[0];
    expect(said({ builtin, listen })).toContain(
      `config/conflict: Cannot use "${scheme}://" in service "s": "${builtin}" does not speak over it`,
    );
  });
});
