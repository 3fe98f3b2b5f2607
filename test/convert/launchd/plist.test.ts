import { describe, expect, test } from 'vitest';
import { convertText, HEAD, job } from './convert-text.ts';

/** A job with this where its name was. */
function withLabel(text: string): string {
  return job().replace('<string>x</string>', text);
}

describe('how a property list is read', () => {
  test.each([
    ['on one line', job().replaceAll('\n', ' ')],
    ['with carriage returns', job().replaceAll('\n', '\r\n')],
    ['without a head', job().slice(HEAD.length)],
    ['with the older document type', job().replace('-//Apple//DTD', '-//Apple Computer//DTD')],
    ['with a comment ahead of the root', job().replace('<plist', '<!-- <dict> --><plist')],
    ['with comments in it', job().replace('<string>x</string>', '<string><!-- y -->x<!-- z --></string>')],
    ['with CDATA', withLabel('<string><![CDATA[x]]></string>')],
    ['with a character reference', withLabel('<string>&#120;</string>')],
  ])('%s', (_, text) => {
    const { services, places } = convertText(text);
    expect(places).toEqual([]);
    expect(services['x']).toMatchObject({ server: '/bin/cat' });
  });

  test('the five entities of XML are those that there are', () => {
    const { services } = convertText(job({ ProgramArguments: ['/bin/cat', '<&"\'>'] }));
    expect(services['x']).toMatchObject({ server_args: ['<&"\'>'] });
  });

  test('integers are decimal or hexadecimal', () => {
    const { services } = convertText(job({ Nice: 5 }).replace('<integer>5<', '<integer> 0x0A <'));
    expect(services['x']).toMatchObject({ nice: 10 });
  });

  test('a place is that of the text, also behind characters outside of the first plane', () => {
    const { diagnostics } = convertText(job({ WorkingDirectory: '\u{1f600}', Nice: 99 }));
    expect(diagnostics[0]?.span.range).toMatchObject({
      lineText: '<key>Nice</key><integer>99</integer></dict>',
    });
    const { column = 0, endColumn = 0, lineText = '' } = diagnostics[0]?.span.range ?? {};
    expect(lineText.slice(column - 1, endColumn - 1)).toBe('99');
  });
});

describe('what is no property list of a job', () => {
  test.each([
    ['nothing', '', 'launchd/syntax'],
    ['a text', 'hello', 'launchd/syntax'],
    ['JSON', '{"Label": "x"}', 'launchd/syntax'],
    ['an old property list', '{ Label = x; }', 'launchd/syntax'],
    ['a binary one', 'bplist00\xd1\x01\x02', 'launchd/binary'],
    ['half of one', job().slice(0, 300), 'launchd/syntax'],
    ['another document', '<html></html>', 'launchd/syntax'],
    ['a document without its root', job().replace(/<\/?plist[^>]*>/g, ''), 'launchd/syntax'],
    ['two values', job().replace('</plist>', '<dict/></plist>'), 'launchd/syntax'],
    ['no value', '<plist></plist>', 'launchd/syntax'],
    ['an array', '<plist><array/></plist>', 'launchd/syntax'],
    ['a value without a key', '<plist><dict><string>x</string></dict></plist>', 'launchd/syntax'],
    ['a key without a value', '<plist><dict><key>x</key></dict></plist>', 'launchd/syntax'],
    ['two keys', '<plist><dict><key>x</key><key>y</key><true/></dict></plist>', 'launchd/syntax'],
    [
      'a key twice',
      job().replace('</dict>\n</plist>', '<key>Label</key><string>y</string></dict>\n</plist>'),
      'launchd/syntax',
    ],
    ['a key in an array', '<plist><array><key>x</key></array></plist>', 'launchd/syntax'],
    ['text between', withLabel('hello'), 'launchd/syntax'],
    ['an element in a text', withLabel('<string><b>x</b></string>'), 'launchd/syntax'],
    ['an unknown element', withLabel('<text>x</text>'), 'launchd/syntax'],
    ['an attribute', withLabel('<string a="b">x</string>'), 'launchd/syntax'],
    ['a number that is none', withLabel('<integer>five</integer>'), 'launchd/syntax'],
    ['a number that is too large', withLabel('<integer>99999999999999999</integer>'), 'launchd/syntax'],
    ['a real number that is none', withLabel('<real>x</real>'), 'launchd/syntax'],
    ['a date that is none', withLabel('<date>today</date>'), 'launchd/syntax'],
    ['data that is none', withLabel('<data>!</data>'), 'launchd/syntax'],
    ['a true with a text', withLabel('<true>x</true>'), 'launchd/syntax'],
    ['a plist in a plist', withLabel('<plist/>'), 'launchd/syntax'],
    ['an unknown entity', withLabel('<string>&x;</string>'), 'launchd/syntax'],
    ['a second root', `${job()}<plist/>`, 'launchd/syntax'],
    ['elements nested too deep', `<plist>${'<array>'.repeat(40)}`, 'launchd/syntax'],
    ['another encoding', job({ Label: '\u00e4' }).replace('UTF-8', 'ISO-8859-1'), 'launchd/not-utf8'],
    ['UTF-16', Array.from(job(), (each) => `${each}\0`).join(''), 'launchd/not-utf8'],
  ])('%s is refused with a place', (_, text, code) => {
    const { services, diagnostics } = convertText(text);
    expect(services).toEqual({});
    expect(diagnostics.map((each) => each.code)).toEqual([code]);
  });

  test.each([
    ['of its own', '<!ENTITY x "y">', '&x;'],
    ['of a file', '<!ENTITY x SYSTEM "file:///etc/passwd">', '&x;'],
    ['of the network', '<!ENTITY % x SYSTEM "http://127.0.0.1:1/x"> %x;', 'x'],
    ['that multiply', `<!ENTITY a "a"><!ENTITY b "${'&a;'.repeat(9)}">`, '&b;'],
  ])(
    'entities %s are never looked at: the document type that declares them is refused (S102)',
    (_, subset, use) => {
      const text = withLabel(`<string>${use}</string>`).replace(
        '<!DOCTYPE plist ',
        `<!DOCTYPE plist [${subset}] `,
      );
      const plain = text.replace(/PUBLIC "[^"]*" "[^"]*"/, '');
      const { services, places } = convertText(plain);
      expect(services).toEqual({});
      expect(places).toEqual(['2:1 launchd/doctype']);
    },
  );
});
