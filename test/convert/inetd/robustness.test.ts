import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LineAccount } from '../../../src/config/foreign-format.ts';
import { DIALECT_NAMES } from '../../../src/convert/inetd/dialect.ts';
import { fuzz } from '../../harness/fuzz.ts';
import { convertText } from './convert-text.ts';

/** What an inetd.conf is made of, right and wrong. */
const WORDS = [
  ...[
    'ftp',
    '79',
    '*:79',
    '[::1]:ftp',
    '::1:444',
    '127.0.0.1,host:x',
    ':u:g:600:/run/x',
    '/run/x',
    'tcpmux/+x',
    'rstatd/1-5',
    '*:',
  ],
  ...[
    'stream',
    'dgram',
    'seqpacket',
    'stream,5:dataready',
    'tli',
    'raw',
    'on',
    'off',
    'on#',
    '.include',
    'sunrpc_udp',
    'rpc',
  ],
  ...[
    'tcp',
    'udp6',
    'tcp46',
    'unix',
    'rpc/udp',
    'tcp,rcvbuf=64k',
    'faith/tcp6',
    'rpc/datagram_v',
    'tcp6only',
  ],
  ...[
    'wait',
    'nowait',
    'nowait.40',
    'nowait:0',
    'nowait/3/10',
    'wait.99999999999',
    'nowait/',
    'swait',
    'SRC',
  ],
  ...[
    'root',
    'nobody.tty',
    'me:adm/class',
    ':',
    '@X@',
    '__X__',
    '/bin/x',
    'internal',
    '/usr/sbin/tcpd',
    'in.x',
    '-a',
    '#',
    '\\',
  ],
  ...[
    'protocol',
    'user',
    'exec',
    'args',
    'wait',
    'service_max',
    'ip_max',
    '=',
    ',',
    ';',
    'yes',
    'no',
    '"a b"',
    "'",
    '"',
    '\\x',
  ],
  ...['99999999999', '4294967296', '-1', '0x10', '\0', '\r', '\u00e4', '\ud800', '#@', '#<off>#', '#:X:'],
];

const word = fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...WORDS) }, fc.string({ maxLength: 12 }));
const blank = fc.constantFrom(' ', '\t', '  ', '\n', '\n ', '\n', '');
const text = fc.array(fc.tuple(word, blank), { maxLength: 80 }).map((parts) => parts.flat().join(''));
const junk = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
);

/** An entry with one thing wrong, or nothing. */
const entry = fc
  .tuple(...[0, 1, 2, 3, 4, 5, 6].map(() => fc.option(word, { freq: 8 })))
  .map((changes) =>
    ['x', 'stream', 'tcp', 'nowait', 'me', '/bin/x', 'x']
      .map((field, index) => changes[index] ?? field)
      .join(' '),
  );
const entries = fc.array(entry, { maxLength: 12 }).map((lines) => lines.join('\n'));

const dialect = fc.constantFrom(undefined, ...DIALECT_NAMES);

function linesOf({ line, lastLine }: LineAccount): readonly number[] {
  return Array.from({ length: lastLine - line + 1 }, (_, index) => line + index);
}

/** Lines that nothing accounts for: no service, comment or directive, and no diagnostic either. */
function lostLines(source: string, name: (typeof DIALECT_NAMES)[number] | undefined): readonly number[] {
  const { root, accounts, diagnostics } = convertText(source, name);
  if (!root || diagnostics.some(({ code }) => code === 'inetd/not-inetd')) {
    expect(diagnostics.length).toBeGreaterThan(0);
    return [];
  }
  const told = new Set(accounts.filter(({ kind }) => kind !== 'problem').flatMap(linesOf));
  const blamed = new Set(diagnostics.map(({ span }) => span.range?.line ?? 0));
  for (const problem of accounts.filter(({ kind }) => kind === 'problem')) {
    const lines = linesOf(problem);
    if (lines.some((line) => blamed.has(line))) for (const line of lines) told.add(line);
  }
  const count = source.split('\n').length - (source.endsWith('\n') || source === '' ? 1 : 0);
  return Array.from({ length: count }, (_, index) => index + 1).filter((line) => !told.has(line));
}

describe('whatever the file holds (S101)', () => {
  test.each([
    ['words of inetd.conf in any order', text],
    ['entries with a fault', entries],
    ['junk', junk],
  ])(
    '%s: nothing throws, and each line is a service, a comment, a directive, or has a diagnostic',
    (_, source) => {
      fc.assert(
        fc.property(source, dialect, (written, name) => {
          expect(lostLines(written, name)).toEqual([]);
        }),
        fuzz(1500),
      );
    },
  );

  test('diagnostics stand in the file, and services have only what a document can say', () => {
    fc.assert(
      fc.property(entries, dialect, (written, name) => {
        const lines = written.split('\n');
        const { diagnostics, services } = convertText(written, name);
        for (const { span } of diagnostics) {
          if (span.range)
            expect(lines[span.range.line - 1]?.length).toBeGreaterThanOrEqual(span.range.column - 1);
        }
        for (const service of Object.keys(services))
          expect(service).toMatch(/^[A-Za-z0-9][A-Za-z0-9_.+-]{0,63}$/);
      }),
      fuzz(500),
    );
  });
});

const MEGABYTE = 1_000_000;

function fill(unit: string): string {
  return unit.repeat(Math.floor(MEGABYTE / unit.length));
}

/** What is quadratic takes minutes; a busy machine does not. */
const MOST_MS = 10_000;

describe('a megabyte of it is read in seconds (S101, S109)', () => {
  const ENTRY = 'x stream tcp nowait me /bin/x x ';
  test.each([
    ['one word', fill('a')],
    ['one line', fill('a ')],
    ['short lines', fill('a\n')],
    ['entries', fill(`${ENTRY}\n`)],
    ['one argument', ENTRY + fill('a')],
    ['arguments', ENTRY + fill('a ')],
    ['continued lines', ENTRY + fill('\n a')],
    ['indented comments', fill(' # a\n \n')],
    ['comments', fill('#\n')],
    ['hashes', fill('# <off>')],
    ['colons', `${fill(':')} stream tcp nowait me /bin/x x`],
    ['commas', `${fill('a,')}:x stream tcp nowait me /bin/x x`],
    ['slashes', `x stream tcp nowait${fill('/1')} me /bin/x x`],
    ['open quotes', fill(`${ENTRY}'\n`)],
    ['definitions', fill('a on user = root; ')],
    ['keys', `a on ${fill('user = root, ')}`],
    ['semicolons', `a on ${fill(';')}`],
    ['quoted values', `a on b=${fill('"a" ')};`],
    ['includes', fill('.include x\n')],
    ['options of auth', `auth stream tcp nowait/1 root internal auth -${fill('r')}`],
    ['tokens', ENTRY + fill('@a__A')],
    ['NULs', fill('\0')],
  ])(
    '%s',
    (_, written) => {
      const start = performance.now();
      for (const name of [undefined, 'netbsd', 'gnu'] as const) convertText(written, name);
      expect(performance.now() - start).toBeLessThan(MOST_MS);
    },
    60_000,
  );
});

test.each(['\\\n\nftp on# ', '\\\n\r\nftp ftp ftp wait '])(
  'an empty line that a backslash takes in is accounted for: %j',
  (text) => {
    const lines = convertText(text, 'hpux').accounts.map(({ line, lastLine }) => [line, lastLine]);
    expect(lines).toEqual([
      [1, 2],
      [3, 3],
    ]);
  },
);
