import { expect, test } from 'vitest';
import { parseQuotes } from '../../src/config/parse-quotes.ts';

test('quotations are parted by lines of "%", and said with CR LF', () => {
  expect(parseQuotes('One.\n\n  -- A\n%\nTwo.\r\n%\n').quotes).toEqual([
    'One.\r\n\r\n  -- A\r\n',
    'Two.\r\n',
  ]);
  expect(parseQuotes('One.').quotes).toEqual(['One.\r\n']);
  expect(parseQuotes('100 %\n%%\n').quotes).toEqual(['100 %\r\n%%\r\n']);
});

test('what is empty is no quotation', () => {
  expect(parseQuotes('').quotes).toEqual([]);
  expect(parseQuotes('%\n%\n\n%\n').quotes).toEqual([]);
});

test('one that RFC 865 finds too long is told by its first line', () => {
  const fits = 'x'.repeat(509);
  expect(parseQuotes(`a\n%\n${fits}\n`)).toMatchObject({ quotes: ['a\r\n', `${fits}\r\n`], tooLong: [] });
  expect(parseQuotes(`a\n%\nb\n${fits}\n%\nc\n`)).toMatchObject({ quotes: ['a\r\n', 'c\r\n'], tooLong: [3] });
});
