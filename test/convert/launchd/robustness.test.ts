import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { INETD_KEYS, JOB_KEYS, LIMIT_KEYS, SOCKET_KEYS } from '../../../src/convert/launchd/key-table.ts';
import { fuzz } from '../../harness/fuzz.ts';
import { convertText, HEAD, job, plist } from './convert-text.ts';

const KEYS = [
  ...JOB_KEYS.keys(),
  ...INETD_KEYS.keys(),
  ...SOCKET_KEYS.keys(),
  ...LIMIT_KEYS.keys(),
  ...['constructor', '__proto__', 'nonsense', ''],
];

const VALUES = [
  ...[
    true,
    false,
    0,
    1,
    -1,
    511,
    512,
    99999999999,
    1.5,
    '',
    'x',
    '/bin/cat',
    '127.0.0.1',
    '::1',
    '21',
    'ftp',
  ],
  ...[
    'stream',
    'dgram',
    'seqpacket',
    'TCP',
    'UDP',
    'IPv4',
    'IPv6',
    '@X@',
    '\t',
    '&<>',
    '\u00e4',
    '022',
    '/dev/null',
  ],
];

const scalar = fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...VALUES) }, fc.string({ maxLength: 12 }));
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    { weight: 3, arbitrary: scalar },
    { weight: 1, arbitrary: fc.array(tie('value'), { maxLength: 3 }) },
    { weight: 2, arbitrary: fc.dictionary(fc.constantFrom(...KEYS), tie('value'), { maxKeys: 5 }) },
  ),
}));

/** A job of which some keys hold something else. */
const changed = fc.dictionary(fc.constantFrom(...KEYS), value, { maxKeys: 5 }).map(job);
const documents = value.map((each) => `${HEAD}<plist>${plist(each)}</plist>`);

const TOKENS = [
  ...[
    '<plist>',
    '</plist>',
    '<dict>',
    '</dict>',
    '<array>',
    '</array>',
    '<key>',
    '</key>',
    '<key>Label</key>',
  ],
  ...[
    '<string>',
    '</string>',
    '<string>x</string>',
    '<true/>',
    '<false/>',
    '<integer>5</integer>',
    '<real>',
    '<data/>',
  ],
  ...[
    '<!--',
    '-->',
    '<!-- x -->',
    '<![CDATA[',
    ']]>',
    '<?xml version="1.0"?>',
    '<?x?>',
    '<!DOCTYPE plist>',
    '<!DOCTYPE a [',
    ']>',
  ],
  ...[
    '&amp;',
    '&#120;',
    '&x;',
    '&',
    '<',
    '>',
    'x',
    ' ',
    '\n',
    '\r',
    '\0',
    '\ud800',
    '\u{1f600}',
    '="',
    '<a b="c">',
  ],
];
const tokens = fc.array(fc.constantFrom(...TOKENS), { maxLength: 60 }).map((parts) => parts.join(''));
const junk = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
);
const GOOD = job({ Nice: 5, EnvironmentVariables: { A: 'b' } });
const mutated = fc
  .array(fc.tuple(fc.nat({ max: GOOD.length }), fc.nat({ max: 9 }), fc.option(fc.constantFrom(...TOKENS))), {
    maxLength: 4,
  })
  .map((changes) =>
    changes.reduce((now, [at, count, put]) => now.slice(0, at) + (put ?? '') + now.slice(at + count), GOOD),
  );

describe('whatever a property list holds (S102, F19)', () => {
  test.each([
    ['values of any type under any key', documents],
    ['a job with other values', changed],
    ['tokens in any order', tokens],
    ['a good file with changes', mutated],
    ['junk', junk],
  ])('%s: nothing throws, and it is a job with all its lines, or it is said why not', (_, source) => {
    fc.assert(
      fc.property(source, fc.boolean(), (written, isUtf8) => {
        const { services, accounts, diagnostics } = convertText(written, { isUtf8 });
        const blamed = diagnostics.filter(({ severity }) => severity === 'error');
        const count = written.split('\n').length - (written.endsWith('\n') ? 1 : 0);
        expect(accounts).toMatchObject([{ line: 1, lastLine: Math.max(1, count) }]);
        const isLeftOut = accounts[0]?.kind === 'problem';
        expect(isLeftOut).toBe(blamed.length > 0);
        expect(Object.keys(services)).toHaveLength(isLeftOut ? 0 : 1);
        for (const name of Object.keys(services)) expect(name).toMatch(/^[A-Za-z0-9][A-Za-z0-9_.+-]{0,63}$/);
        for (const { span } of blamed) expect(span.range?.line ?? 1).toBeLessThanOrEqual(count + 1);
      }),
      fuzz(1500),
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
  const TEXT = '<plist><dict><key>Label</key><string>';
  test.each([
    ['arrays in each other', `<plist>${fill('<array>')}`],
    ['elements', `<plist><array>${fill('<true/>')}</array></plist>`],
    ['keys', `<plist><dict>${fill('<key>a</key><true/>')}`],
    [
      'other keys',
      `<plist><dict>${Array.from({ length: 20_000 }, (_, index) => `<key>UserNam${index}</key><true/>`).join('')}</dict></plist>`,
    ],
    [
      'keys of length',
      job({ ['Us'.repeat(20)]: 1 }).replace(
        '</dict>\n</plist>',
        `${Array.from({ length: 10_000 }, (_, index) => `<key>${'UserName'.repeat(6)}${index}</key><true/>`).join('')}</dict>\n</plist>`,
      ),
    ],
    ['one text', `${TEXT}${fill('a')}</string>`],
    ['references', `${TEXT}${fill('&amp;')}</string>`],
    ['comments', `${TEXT}${fill('<!---->')}</string>`],
    ['comments without an end', `${TEXT}${fill('<!-- ')}`],
    ['CDATA', `${TEXT}${fill('<![CDATA[]]>')}</string>`],
    ['carriage returns', `${TEXT}${fill('\r')}</string>`],
    ['line breaks', fill('\r\n')],
    ['attributes', `<plist ${Array.from({ length: 50_000 }, (_, index) => `a${index}=""`).join(' ')}/>`],
    ['a name', `<${fill('a')}`],
    ['instructions', fill('<?a?>')],
    ['a document type', `<!DOCTYPE plist [${fill('<!ENTITY a "b">')}]>`],
    ['angles', fill('<')],
    ['characters of two units', `${TEXT}${fill('\u{1f600}')}</string>`],
    ['arguments', job({ ProgramArguments: Array.from({ length: 30_000 }, () => '/x') })],
    ['sockets', job({ Sockets: { a: Array.from({ length: 10_000 }, () => ({ SockPathName: '/x' })) } })],
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
