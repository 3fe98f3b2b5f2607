import { parseAst } from 'rolldown/parseAst';
import { describe, expect, test } from 'vitest';
import { hasNestedRepeats } from './nested-repeats.ts';
import { typescriptSources } from './sources.ts';

/** Of these, what is repeated begins or ends with what cannot be in it, so that there is one way to split a text. */
const UNAMBIGUOUS: readonly string[] = [
  'src/config/client-notation.ts', // labels, each with a dot ahead of it
  'src/config/foreign-advice.ts', // lines
  'src/config/hosts-access/parse-host-pattern.ts', // labels
  'src/config/schema-tls.ts', // labels
  'src/config/time-zone.ts', // names, each with a slash ahead of it
  'src/convert/detect-format.ts', // lines
  'src/convert/rlinetd/capabilities-entry.ts', // names, each with a comma ahead of it
  'src/model/distinguished-name.ts', // numbers, each with a dot ahead of it
];

/** Those that are put together when they are needed: their parts stand in the same file. */
const MADE_UP: readonly string[] = [
  'src/cli/update-inetd.ts', // by whoever calls it, of a file of their own
  'src/config/client-notation.ts',
  'src/config/ipv4-notation.ts',
  'src/config/schema-tls.ts',
  'src/convert/rlinetd/directive-forms.ts',
];

interface Found {
  readonly path: string;
  /** Undefined: it is not written down as it is. */
  readonly pattern: string | undefined;
}

function visit(node: unknown, found: (pattern: string | undefined) => void): void {
  if (typeof node !== 'object' || node === null) return;
  const { type, regex, callee } = node as {
    type?: string;
    regex?: { readonly pattern: string } | null;
    callee?: { readonly name?: string };
  };
  if (regex) found(regex.pattern);
  if ((type === 'NewExpression' || type === 'CallExpression') && callee?.name === 'RegExp') found(undefined);
  for (const child of Object.values(node)) visit(child, found);
}

const patterns: readonly Found[] = typescriptSources().flatMap(({ path, text }) => {
  const found: Found[] = [];
  visit(parseAst(text, { lang: 'ts' }), (pattern) => found.push({ path, pattern }));
  return found;
});

function pathsOf(isWanted: (pattern: string | undefined) => boolean): readonly string[] {
  return [...new Set(patterns.filter(({ pattern }) => isWanted(pattern)).map(({ path }) => path))].sort();
}

describe('regular expressions', () => {
  test('repeat nothing that repeats without end, except where it is certain how a text is split (S109)', () => {
    expect(patterns.length).toBeGreaterThan(500);
    const nested = pathsOf((pattern) => pattern !== undefined && hasNestedRepeats(pattern));
    expect(nested.filter((path) => !UNAMBIGUOUS.includes(path))).toEqual([]);
  });

  test('are written down as they are, with few exceptions (S109)', () => {
    expect(pathsOf((pattern) => pattern === undefined)).toEqual([...MADE_UP].sort());
  });
});

test('what repeats a repetition is noticed, whatever it looks like', () => {
  const nested = ['(a+)+', '(?:\\s*#x|\\s*\\n)*b', '(?<name>[^)]*,)+', '((a|b+)c)*', '(a{2,})*', '([(]+)*?'];
  expect(nested.filter((pattern) => !hasNestedRepeats(pattern))).toEqual([]);
  const plain = [
    'a+b+',
    '(?:ab)+c*',
    '[a+]+',
    '(a\\+)+',
    '(a{2,3})*',
    '(a+)?',
    '(?=a+)b',
    '(a?b)*',
    '(a+){3}',
  ];
  expect(plain.filter(hasNestedRepeats)).toEqual([]);
});
