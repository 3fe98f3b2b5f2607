import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  LOG_FORMS,
  RPC_FORMS,
  SERVICE_FORMS,
  TOP_FORMS,
} from '../../../src/convert/rlinetd/directive-forms.ts';
import { fuzz } from '../../harness/fuzz.ts';
import { convertText, service } from './convert-text.ts';

/** What an rlinetd.conf is made of, right and wrong. */
const WORDS = [
  ...SERVICE_FORMS.keys(),
  ...TOP_FORMS.keys(),
  ...LOG_FORMS.keys(),
  ...RPC_FORMS.keys(),
  ...[
    'soft',
    'hard',
    'unlimited',
    'yes',
    'no',
    'any',
    'tcp',
    'udp',
    'ipv4',
    'ipv6',
    'syslog',
    'cpu',
    'stack',
  ],
  ...['accept', 'deny', 'pipe', 'umask', 'x', '0', '5', '-5', '077', '99999999999', '1.2.3.4', '::1', '1.2.'],
  ...['""', '"x"', '"/bin/cat"', '"/bin/cat %O \\n"', '"/d"', '"(~|a)*$"', '"[a"', '"', '"a\nb"', '"@X@"'],
  ...['"%M"', '"%I\\n"', '"cap_chown=ep"', '# x', '#', '\0', '\r', '\u00e4', '\ud800', '\ufeff', '%', '='],
];

const MARKS = [';', ';', '{', '}', ',', '-', ' ', '\n'];
const word = fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...WORDS) }, fc.string({ maxLength: 12 }));
const mark = fc.oneof(
  { weight: 3, arbitrary: fc.constant(' ') },
  { weight: 2, arbitrary: fc.constantFrom(...MARKS) },
);
const text = fc.array(fc.tuple(word, mark), { maxLength: 80 }).map((parts) => parts.flat().join(''));
const junk = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
);

/** A line of a block that may well be right. */
const line = fc
  .tuple(fc.constantFrom(...SERVICE_FORMS.keys()), fc.array(word, { maxLength: 3 }))
  .map(([name, values]) => `${name} ${values.filter((value) => !/["#{}]./.test(value)).join(' ')};`)
  .filter((written) => (written.match(/"/g)?.length ?? 0) % 2 === 0 && !written.includes('#'));
const block = fc.oneof(
  fc.array(line, { maxLength: 5 }).map((lines) => `defaults { nice 1; ${lines.join('\n')} }\n`),
  fc.array(line, { maxLength: 5 }).map((lines) => service('x', ...lines)),
  fc.constantFrom('directory "/d";', 'log "x" { path "/x"; }\n', '# a\n', ';\n', '\n', service('a b')),
);
const blocks = fc.array(block, { maxLength: 8 }).map((parts) => parts.join(''));

/** A good file with some characters taken out, put in or doubled. */
const GOOD = `defaults { instances 5; tcpd; }\n${service('x', 'rlimit cpu { soft 1; hard 2; }')}directory "/d" "" "~$";\n${service('yy', 'enabled no;')}${service('zzz')}`;
const mutated = fc
  .array(fc.tuple(fc.nat({ max: GOOD.length }), fc.nat({ max: 9 }), fc.option(word)), { maxLength: 4 })
  .map((changes) =>
    changes.reduce((now, [at, count, put]) => now.slice(0, at) + (put ?? '') + now.slice(at + count), GOOD),
  );

const FILES = { '/d/a': service('a'), '/d/b': `${service('b')}}\n`, '/d/c': 'directory "/d";' };

function linesIn(written: string): number {
  return written.split('\n').length - (written.endsWith('\n') || written === '' ? 1 : 0);
}

describe('whatever the files hold (S102, F19)', () => {
  test.each([
    ['words of rlinetd.conf in any order', text],
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
          for (const { span } of blamed) {
            if (span.file === 'rlinetd.conf' && span.range)
              expect(span.range.line).toBeLessThanOrEqual(linesIn(written) + 1);
          }
          if (!root) {
            expect(blamed.length).toBeGreaterThan(0);
            return;
          }
          const own = accounts.filter(({ file }) => file === 'rlinetd.conf');
          const lines = own.flatMap((each) =>
            Array.from({ length: each.lastLine - each.line + 1 }, (_unused, index) => each.line + index),
          );
          expect([...new Set(lines)]).toEqual(
            Array.from({ length: linesIn(written) }, (_unused, index) => index + 1),
          );
          if (own.some(({ kind }) => kind === 'problem')) expect(blamed.length).toBeGreaterThan(0);
        }),
        fuzz(1500),
      );
    },
  );

  test('services have only names that a document can have, and no service runs that was left out', () => {
    fc.assert(
      fc.property(blocks, (written) => {
        const { services, accounts } = convertText(written, { files: { '/d/a': service('a') } });
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
  const HEAD = 'service "x" { user "me"; ';
  test.each([
    ['one word', fill('a')],
    ['words', fill('a ')],
    ['blanks', fill(' ')],
    ['line breaks', fill('\n')],
    ['services', fill('service "x" { loopback; }')],
    ['services of one name', fill(service('x'))],
    ['disabled services', fill('service "x" { enabled no; }')],
    ['defaults', fill('defaults { nice 1; }')],
    [
      'what all services have',
      `defaults { ${'log syslog "x"; '.repeat(10_000)} }${fill('service "x" { loopback; }')}`,
    ],
    ['logs', fill('log "x" { path "/x"; } service "y" { loopback; log "x" "y"; }')],
    ['directories', fill('directory "/d" "" "~$";')],
    ['open braces', `${HEAD}${fill('x { ')}`],
    ['closed braces', fill('}')],
    ['semicolons', fill(';')],
    ['semicolons in a block', `${HEAD}${fill(';')}}`],
    ['comments', fill('# a\n \n')],
    ['quotes', fill('"')],
    ['a text without an end', `${HEAD} exec "${fill('a')}`],
    ['one text', `${HEAD} exec "${fill('a ')}"; }`],
    ['modifiers', `${HEAD} echo "${fill('%O')}"; }`],
    ['escapes', `${HEAD} exec "${fill('\\a')}"; }`],
    ['templates', `${HEAD} exec "${fill('@a')}"; }`],
    ['underlines', `${HEAD} exec "${fill('__A')}"; }`],
    ['capabilities', `${HEAD} exec "/x"; capability "${fill('cap_chown,')}"; }`],
    ['ports', `${HEAD} exec "/x"; port ${fill('5, ')}5; }`],
    ['versions', `${HEAD} exec "/x"; rpc { version ${fill('5-6, ')}5; } }`],
    ['unknown directives', `${HEAD}${fill('instnces 3; ')}}`],
    ['unknown directives of length', `${HEAD}${fill(`${'instances'.repeat(7)} 3; `)}}`],
    ['set again', `${HEAD}${fill('nice 3; ')}}`],
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
});
