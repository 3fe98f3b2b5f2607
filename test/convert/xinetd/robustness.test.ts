import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SERVICE_RULES } from '../../../src/convert/xinetd/attribute-rules.ts';
import { fuzz } from '../../harness/fuzz.ts';
import { convertText, defaults, service } from './convert-text.ts';

/** What an xinetd.conf is made of, right and wrong. */
const WORDS = [
  ...['service', 'SERVICE', 'defaults', 'include', 'includedir', '{', '}', '/a', '/d', '/none', 'a', '/a /a'],
  ...['=', '+=', '-=', '==', '+', '=x', '#', '# x', '"', '@X@', '__X__'],
  ...[
    'enabled',
    'disabled',
    'nonsense',
    'interface',
    'defaults {',
    'service x',
    'disable = yes',
    'disable = no',
  ],
  ...[
    'yes',
    'no',
    'UNLIMITED',
    'stream',
    'dgram',
    'tcp',
    'udp',
    'UNLISTED',
    'INTERNAL',
    'RPC',
    'TCPMUX',
    'me',
  ],
  ...[
    '10.0.0.0',
    '10.0.0.0/8',
    '::1',
    '1.2.3.{4,5}',
    '.host',
    '0',
    '-1',
    '99999999999',
    '08:00-25:00',
    '512M',
  ],
  ...[
    'FILE',
    'SYSLOG',
    'daemon',
    'PID',
    'HOST',
    'A=1',
    '/bin/cat',
    'localhost',
    '\0',
    '\r',
    '\u00e4',
    '\ud800',
    '\ufeff',
  ],
  ...SERVICE_RULES.keys(),
];

const word = fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...WORDS) }, fc.string({ maxLength: 12 }));
const blank = fc.constantFrom(' ', '\t', '\n', '\n', '\n ', '');
const text = fc.array(fc.tuple(word, blank), { maxLength: 80 }).map((parts) => parts.flat().join(''));
const junk = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
);

/** A line of a block that may well be right. */
const line = fc
  .tuple(
    fc.constantFrom(...SERVICE_RULES.keys()),
    fc.constantFrom('=', '+=', '-='),
    fc.array(word, { maxLength: 3 }),
  )
  .map(([name, operator, values]) => `${name} ${operator} ${values.join(' ')}`);
const block = fc.oneof(
  fc.array(line, { maxLength: 5 }).map((lines) => defaults(...lines)),
  fc.array(line, { maxLength: 5 }).map((lines) => service('x', ...lines)),
  fc.constantFrom('include /a\n', 'includedir /d\n', '# a\n', '}\n', '\n'),
);
const blocks = fc.array(block, { maxLength: 8 }).map((parts) => parts.join(''));

/** A good file with some characters taken out, put in or doubled. */
const GOOD = `${defaults('instances = 5', 'only_from = ::1')}${service('x', 'env = A=1')}include /a\n${service('yy', 'disable = yes')}${service('zzz')}`;
const mutated = fc
  .array(fc.tuple(fc.nat({ max: GOOD.length }), fc.nat({ max: 9 }), fc.option(word)), { maxLength: 4 })
  .map((changes) =>
    changes.reduce((now, [at, count, put]) => now.slice(0, at) + (put ?? '') + now.slice(at + count), GOOD),
  );

const FILES = { '/a': service('a'), '/d/b': `${service('b')}}\n`, '/d/c': 'defaults\n{\n' };

function linesIn(written: string): number {
  return written.split('\n').length - (written.endsWith('\n') || written === '' ? 1 : 0);
}

describe('whatever the files hold (S102, F19)', () => {
  test.each([
    ['words of xinetd.conf in any order', text],
    ['blocks with faults', blocks],
    ['a good file with changes', mutated],
    ['junk', junk],
  ])(
    '%s: nothing throws, and each line is accounted for, or nothing runs and it is said why',
    (_, source) => {
      fc.assert(
        fc.property(source, fc.boolean(), (written, isUtf8) => {
          const { root, accounts, diagnostics } = convertText(written, { files: FILES, isUtf8 });
          const blamed = diagnostics.filter(({ severity }) => severity === 'error');
          if (!root) {
            expect(blamed.length).toBeGreaterThan(0);
            return;
          }
          const own = accounts.filter(({ file }) => file === 'xinetd.conf');
          const lines = own.flatMap((each) =>
            Array.from({ length: each.lastLine - each.line + 1 }, (_unused, index) => each.line + index),
          );
          expect(lines).toEqual(Array.from({ length: linesIn(written) }, (_unused, index) => index + 1));
          for (const { line: first, lastLine } of own.filter(({ kind }) => kind === 'problem')) {
            const inside = blamed.filter(({ span, related }) =>
              [span, ...related.map((each) => each.span)].some(
                ({ file, range }) =>
                  file === 'xinetd.conf' && range && range.line >= first && range.line <= lastLine,
              ),
            );
            // What is wrong with an inherited value is told where that stands.
            if (inside.length === 0) expect(blamed.length).toBeGreaterThan(0);
          }
        }),
        fuzz(1500),
      );
    },
  );

  test('services have only names that a document can have, and no service runs that was left out', () => {
    fc.assert(
      fc.property(blocks, (written) => {
        const { services, accounts } = convertText(written, { files: FILES });
        const named = accounts.flatMap(({ kind, name }) => (kind === 'service' ? [name] : []));
        expect(Object.keys(services).toSorted()).toEqual(named.toSorted());
        for (const name of named) expect(name).toMatch(/^[A-Za-z0-9][A-Za-z0-9_.+-]{0,63}$/);
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

describe('a megabyte of it is read in seconds (F19, S109)', () => {
  const HEAD = 'service x\n{\n';
  test.each([
    ['one word', fill('a')],
    ['one line', fill('a ')],
    ['blanks', fill(' ')],
    ['short lines', fill('a\n')],
    ['services', fill(service('x'))],
    ['empty services', fill('service x\n{\n}\n')],
    ['disabled services', fill('service x\n{\ndisable = yes\n}\n')],
    ['heads', fill('service x\n')],
    ['heads in a block', `${HEAD}${fill('service x\n')}`],
    ['defaults', fill('defaults\n{\n}\n')],
    ['stray braces', fill('}\n')],
    ['open braces', fill('{\n')],
    ['comments', fill('# a\n \n')],
    ['one attribute', `${HEAD}${fill('only_from += ::1\n')}}\n`],
    ['what is added and taken away', `${HEAD}${fill('only_from += a\nonly_from -= a\n')}}\n`],
    [
      'what is taken away',
      `${HEAD}only_from = ${'10.0.0.1 '.repeat(1500)}\n${fill('only_from -= 10.0.0.1\n')}}\n`,
    ],
    ['unknown attributes', `${HEAD}${fill('instnces = 3\n')}}\n`],
    ['known attributes', `${HEAD}${fill('port = 3\n')}}\n`],
    ['values', `${HEAD}${fill(`server_args = ${'a '.repeat(8000)}\n`)}}\n`],
    [
      'lists of ids',
      `${defaults(...Array.from({ length: 20_000 }, (_, index) => `enabled += i${index}`))}${fill(HEAD)}`,
    ],
    ['templates', `${HEAD}server = ${'@a'.repeat(8000)}\n}\n`],
    ['NULs', fill('\0')],
    ['carriage returns', fill('\r\n')],
  ])(
    '%s',
    (_, written) => {
      const start = performance.now();
      convertText(written);
      expect(performance.now() - start).toBeLessThan(MOST_MS);
    },
    60_000,
  );

  test.each([
    ['a file that includes itself', { '/a': 'include /a\ninclude /a\n' }],
    ['a directory with itself', { '/d/a': 'includedir /d\n', '/d/b': 'includedir /d\n' }],
  ])('%s ends', (_, files) => {
    const { root, diagnostics } = convertText('include /a\nincludedir /d\n', { files });
    expect(root).toBeUndefined();
    expect(diagnostics.map(({ code }) => code)).toContain('xinetd/include');
  });
});
