import { describe, expect, test } from 'vitest';
import { loadText } from './load-text.ts';

describe('a text that is no configuration of ours', () => {
  test.each([
    ['service ftp\n{\n\tdisable = no\n}\n', '--format xinetd'],
    ['service "ftp" {\n\tport 21;\n}\n', '--format rlinetd'],
    ['<?xml version="1.0"?>\n<plist version="1.0">\n<dict/>\n</plist>\n', '--format launchd'],
  ])('is told from a mistake: %j is read with %s', (text, format) => {
    const { diagnostics, config } = loadText(text);
    expect(config).toBeUndefined();
    expect(diagnostics.map(({ help }) => help).join()).toContain(format);
  });

  test('with an address in brackets inside of a list is told how to write it', () => {
    const { diagnostics } = loadText('version: 1\nservices:\n  s:\n    listen: [tcp://[::1]:0]\n');
    expect(diagnostics[0]?.help).toBe('inside a list in brackets, put an address with brackets in quotes');
  });

  test.each(['? [a, b]\n: 1\n', '? {a: b}\n: 1\n'])('has keys that are text, unlike %j', (text) => {
    expect(loadText(`version: 1\n${text}`).diagnostics).toMatchObject([
      {
        code: 'config/syntax',
        message: 'Cannot use this key: it must be text',
        span: { range: { line: 2 } },
      },
    ]);
  });
});
