import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SERVICE_RULES } from '../../../src/convert/systemd/service-rules.ts';
import { SOCKET_RULES } from '../../../src/convert/systemd/socket-rules.ts';
import { fuzz } from '../../harness/fuzz.ts';
import { convertFiles, serviceUnit, socketUnit } from './convert-text.ts';

const NAMES = [...SOCKET_RULES.keys(), ...SERVICE_RULES.keys()];

/** What units are made of, right and wrong. */
const WORDS = [
  ...['[Socket]', '[Service]', '[Unit]', '[Install]', '[X-a]', '[', ']', '=', '==', '\\', '\\\\', '#', ';'],
  ...[
    'yes',
    'no',
    'maybe',
    '0',
    '1',
    '-1',
    '99999999999',
    '1M',
    '10s',
    'infinity',
    '10%',
    '~',
    'any',
    '::1/129',
  ],
  ...[
    '10.0.0.0/8',
    '7000',
    '[::1]:7',
    '/run/x',
    '@x',
    '@X@',
    'vsock:1:2',
    '-/x',
    '%i',
    '%p',
    '%',
    '$A',
    '\x24{A}',
  ],
  ...[
    '"',
    "'",
    '"a b"',
    '\\x41',
    '\\xff',
    'A=1',
    'me',
    'socket',
    'null',
    'CAP_CHOWN',
    'AF_INET',
    '@system-service',
  ],
  ...[
    'ptrace:EPERM',
    'ExecStart=/bin/cat',
    'Accept=no',
    'Accept=yes',
    '\0',
    '\r',
    '\u00e4',
    '\ud800',
    '\ufeff',
  ],
];

const word = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom(...WORDS, ...NAMES) },
  fc.string({ maxLength: 12 }),
);
const blank = fc.constantFrom(' ', '\t', '\n', '\n', '\\\n', '', '=');
const text = fc.array(fc.tuple(word, blank), { maxLength: 80 }).map((parts) => parts.flat().join(''));
const junk = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
);

/** A line of a unit that may well be right. */
const line = fc
  .tuple(fc.constantFrom(...NAMES), fc.array(word, { maxLength: 3 }))
  .map(([name, values]) => `${name}=${values.join(' ')}`);
const lines = fc.array(line, { maxLength: 6 });

/** The files of these tests have no text that begins so: it is what a link leads to. */
const LINK = /^->/;

function linesIn(written: string): number {
  return written.split('\n').length - (written.endsWith('\n') || written === '' ? 1 : 0);
}

function checkAll(files: Readonly<Record<string, string>>, isUtf8: boolean): void {
  const { root, accounts, diagnostics } = convertFiles(files, { isUtf8 });
  const blamed = diagnostics.filter(({ severity }) => severity === 'error');
  if (!root) {
    expect(blamed.length).toBeGreaterThan(0);
    return;
  }
  for (const file of new Set(accounts.map((account) => account.file))) {
    const seen = accounts
      .filter((account) => account.file === file)
      .flatMap((each) =>
        Array.from({ length: each.lastLine - each.line + 1 }, (_, index) => each.line + index),
      );
    expect(seen).toEqual(Array.from({ length: linesIn(files[file] ?? '') }, (_, index) => index + 1));
  }
  expect(accounts.some(({ file }) => file === '/u/it.socket') || files['/u/it.socket'] === '').toBe(true);
  if (accounts.some(({ kind }) => kind === 'problem')) expect(blamed.length).toBeGreaterThan(0);
  for (const { span } of diagnostics) {
    expect(files).toHaveProperty([span.file]);
    expect(span.range?.line ?? 1).toBeLessThanOrEqual(Math.max(1, linesIn(files[span.file] ?? '')));
  }
}

describe('whatever the files hold (S102)', () => {
  test.each([
    ['words of units in any order', text],
    ['junk', junk],
  ])('%s: nothing throws, each line is accounted for, and what is wrong has its place', (_, any) => {
    const source = any.filter((written) => !LINK.test(written));
    fc.assert(
      fc.property(source, source, fc.boolean(), (socket, service, isUtf8) => {
        checkAll({ '/u/it.socket': socket, '/u/it@.service': service, '/u/it.service': service }, isUtf8);
      }),
      fuzz(1000),
    );
  });

  test('units with some lines more: the same, and services have only names that a document can have', () => {
    fc.assert(
      fc.property(lines, lines, fc.boolean(), (ofSocket, ofService, isUtf8) => {
        const files = {
          '/u/it.socket': socketUnit(...ofSocket),
          '/u/it@.service': serviceUnit(...ofService),
          '/u/it.service': serviceUnit(...ofService),
          '/u/-.a-b.socket': socketUnit(),
          '/u/-.a-b@.service': serviceUnit(),
        };
        checkAll(files, isUtf8);
        for (const name of Object.keys(convertFiles(files).services)) {
          expect(name).toMatch(/^[A-Za-z0-9][A-Za-z0-9_.+-]{0,63}$/);
        }
      }),
      fuzz(1500),
    );
  });
});

const MEGABYTE = 1_000_000;

function fill(unit: string): string {
  return unit.repeat(Math.floor(MEGABYTE / unit.length));
}

const ADDRESSES = Array.from({ length: 40_000 }, (_, index) => `10.1.${index >> 8}.${index & 255}`).join(' ');

/** What is quadratic takes minutes; a busy machine does not. */
const MOST_MS = 10_000;

describe('a megabyte of it is read in seconds (S109)', () => {
  test.each([
    ['one word', fill('a')],
    ['blanks', fill(' ')],
    ['short lines', fill('a\n')],
    ['lines that go on', `[Service]\nExecStart=/bin/a ${fill('\\\n')}`],
    ['lines that go on with something', `[Service]\nExecStart=/bin/a ${fill('b\\\n')}`],
    ['comments on the way', `[Service]\nExecStart=/bin/a \\\n${fill('#\n')}`],
    ['sections', fill('[Service]\n')],
    ['unknown settings', `[Service]\n${fill('Usr=a\n')}`],
    [
      'different unknown settings',
      `[Service]\n${Array.from({ length: 20_000 }, (_, index) => `Usr${index}=a\n`).join('')}`,
    ],
    ['arguments', `[Service]\nExecStart=/bin/a ${fill('b ')}`],
    ['quotes', `[Service]\nExecStart=/bin/a ${fill('"b" ')}`],
    ['an open quote', `[Service]\nExecStart=/bin/a "${fill('b ')}`],
    ['escapes', `[Service]\nExecStart=/bin/a ${fill('\\x41')}`],
    ['backslashes', `[Service]\nExecStart=/bin/a ${fill('\\')}`],
    ['specifiers', `[Service]\nExecStart=/bin/a ${fill('%p')}`],
    ['variables', `[Service]\nExecStart=/bin/a ${fill('\x24{A}')}`],
    ['words of variables', `[Service]\nExecStart=/bin/a ${fill('$A ')}`],
    ['an environment', `[Service]\n${fill('Environment=A=1 B=2\n')}`],
    ['addresses', `[Socket]\nIPAddressAllow=${ADDRESSES}\nIPAddressDeny=10.0.0.0/8 ${ADDRESSES}`],
    ['capabilities', `[Service]\n${fill('CapabilityBoundingSet=~CAP_KILL\n')}`],
    ['families', `[Service]\n${fill('RestrictAddressFamilies=AF_INET\n')}`],
    ['calls', `[Service]\nSystemCallFilter=${fill('ptrace ')}`],
    ['listeners', `[Socket]\n${fill('ListenStream=1\n')}`],
    ['tokens', fill('@a')],
    ['NULs', fill('\0')],
    ['carriage returns', fill('\r\n')],
  ])(
    '%s',
    (_, written) => {
      const start = performance.now();
      convertFiles({
        '/u/it.socket': `${socketUnit()}${written}`,
        '/u/it@.service': `${serviceUnit()}ExecStart=\n${written}`,
      });
      expect(performance.now() - start).toBeLessThan(MOST_MS);
    },
    60_000,
  );
});
