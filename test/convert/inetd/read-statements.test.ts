import { describe, expect, test } from 'vitest';
import { makeSource, type Source } from '../../../src/config/source.ts';
import { DIALECTS, type DialectName } from '../../../src/convert/inetd/dialect.ts';
import { readStatements } from '../../../src/convert/inetd/read-statements.ts';

function textOf(source: Source, { start, end }: { readonly start: number; readonly end: number }): string {
  return source.text.slice(start, end);
}

/** Each statement as its kind and its words. */
function read(text: string, dialect: DialectName): readonly (readonly string[])[] {
  const source = makeSource('inetd.conf', text);
  return Array.from(readStatements(source, DIALECTS[dialect]), (statement) => {
    if (statement.kind === 'words') {
      return [
        statement.fault ? `words: ${statement.fault.reason}` : 'words',
        ...statement.words.map((word) => word.text),
      ];
    }
    if (statement.kind === 'pairs') {
      const pairs = statement.pairs.map(
        ({ key, values }) => `${key.text}=${values.map(({ text: value }) => value).join('|')}`,
      );
      const kind = `${statement.isOn ? 'on' : 'off'}${statement.fault ? `: ${statement.fault.reason}` : ''}`;
      return [kind, statement.head.text, ...pairs];
    }
    return [statement.kind, textOf(source, statement.place)];
  });
}

describe('lines of inetd.conf', () => {
  test('blanks and tabs part words, and nothing else does', () => {
    expect(read('a\tb  c\fd \t\n', 'debian')).toEqual([['words', 'a', 'b', 'c\fd']]);
  });

  test('a last line without a line break is a line, and carriage returns belong to no word', () => {
    expect(read('a b\r\n\r\nc d\r', 'debian')).toEqual([
      ['words', 'a', 'b'],
      ['blank', ''],
      ['words', 'c', 'd'],
    ]);
  });

  test('a comment is a line that begins with "#", indented or not; later "#" are words', () => {
    expect(read('# a\n  # b\nc # d\n', 'openbsd')).toEqual([
      ['comment', '# a'],
      ['comment', '  # b'],
      ['words', 'c', '#', 'd'],
    ]);
  });

  test.each(['freebsd', 'netbsd', 'openbsd', 'debian', 'busybox'] as const)(
    'an indented line continues the one before it for %s, but never a comment or a blank one',
    (dialect) => {
      expect(read('# x\n a\n b\n\tc\n\n d\ne\n', dialect)).toEqual([
        ['comment', '# x'],
        ['words', 'a', 'b', 'c'],
        ['blank', ''],
        ['words', 'd'],
        ['words', 'e'],
      ]);
    },
  );

  test.each(['gnu', 'solaris', 'aix'] as const)('an indented line is one of its own for %s', (dialect) => {
    expect(read('a\n b\n', dialect)).toEqual([
      ['words', 'a'],
      ['words', 'b'],
    ]);
  });

  test('a backslash at the end continues a line for hpux, and is a word to others', () => {
    expect(read('a \\\nb c\\\n d\ne\n', 'hpux')).toEqual([
      ['words', 'a', 'b', 'c', 'd'],
      ['words', 'e'],
    ]);
    expect(read('a \\\nb\n', 'debian')).toEqual([
      ['words', 'a', '\\'],
      ['words', 'b'],
    ]);
  });
});

describe('quotes of inetd.conf', () => {
  const LINE = `a "b c" 'd "e' f"g h"i"j" 'k'l\n`;

  test.each(['openbsd', 'debian', 'busybox', 'solaris', 'aix', 'hpux'] as const)('%s has none', (dialect) => {
    expect(read(LINE, dialect)).toEqual([['words', ...LINE.trim().split(' ')]]);
  });

  test('freebsd ends a word at its quote, whatever follows', () => {
    expect(read(LINE, 'freebsd')).toEqual([['words', 'a', 'b c', 'd "e', 'f"g', 'h"i"j"', 'k', 'l']]);
  });

  test('netbsd has the quotes of a shell', () => {
    expect(read(LINE, 'netbsd')).toEqual([['words', 'a', 'b c', 'd "e', 'fg hij', 'kl']]);
  });

  test('gnu begins a word at a double quote, too', () => {
    expect(read(LINE, 'gnu')).toEqual([['words', 'a', 'b c', 'd "e', 'f', 'g h', 'i', 'j', 'k', 'l']]);
  });

  test('a quote that nothing closes is a fault; to gnu it is a letter', () => {
    expect(read('a "b c\nd\n', 'freebsd')[0]).toEqual(['words: the quote is not closed', 'a', 'b c']);
    expect(read('a b"c d\n', 'netbsd')[0]).toEqual(['words: the quote is not closed', 'a', 'bc d']);
    expect(read(`a 'b c\n`, 'gnu')[0]).toEqual(['words', 'a', "'b", 'c']);
  });

  test('a line of a million words is cut, and says so (S101)', () => {
    const [line] = read('a '.repeat(500_000), 'debian');
    expect(line?.[0]).toBe('words: there are too many words');
    expect(line?.length).toBeLessThan(2000);
  });
});

describe('definitions of netbsd', () => {
  test('go over lines to their semicolon, with comments and quotes anywhere', () => {
    const text = `5432 on # comment\n\tprotocol = udp, # c\n args=a "b, c" d\\n'e;f' ,user\n=root;\n`;
    expect(read(text, 'netbsd')).toEqual([
      ['on', '5432', 'protocol=udp', 'args=a|b, c|d\\ne;f', 'user=root'],
    ]);
  });

  test('may share a line, and off is a switch like on', () => {
    expect(read('a on b=c; d off#x\n e=; f stream\n', 'netbsd')).toEqual([
      ['on', 'a', 'b=c'],
      ['off', 'd', 'e='],
      ['words', 'f', 'stream'],
    ]);
  });

  test('know escapes in quotes', () => {
    expect(read(String.raw`a on b="\x41\t\\\"";`, 'netbsd')).toEqual([['on', 'a', 'b=A\t\\"']]);
    expect(read(String.raw`a on b="\q";`, 'netbsd')).toEqual([['on: the escape is not one', 'a']]);
  });

  test('without their semicolon, "=" or quote are faults that end at the next semicolon', () => {
    expect(read('a on b=c\n', 'netbsd')).toEqual([['on: the file ends before ";"', 'a']]);
    expect(read('a on b c;\nd stream\n', 'netbsd')).toEqual([
      ['on: "=" is missing', 'a'],
      ['words', 'd', 'stream'],
    ]);
    expect(read('a on b="c\n;d on e=f;', 'netbsd')).toEqual([
      ['on: the quote is not closed', 'a'],
      ['on', 'd', 'e=f'],
    ]);
  });

  test('are lines of words to everybody else', () => {
    expect(read('5432 on\n', 'debian')).toEqual([['words', '5432', 'on']]);
  });
});
