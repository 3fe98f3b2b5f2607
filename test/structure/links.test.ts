import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';
import { filesBelow } from './sources.ts';

const documents = [
  ...readdirSync('.').filter((name) => name.endsWith('.md')),
  ...filesBelow('docs', ['.md']),
];

function withoutCode(text: string): string {
  return text.replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`\n]*`/g, '');
}

/** The fragment of a heading as GitHub makes it; a second heading of the same words gets "-1". */
function slug(heading: string): string {
  const words = heading.replace(/`/g, '').replace(/\[([^\]]*)\]\([^)]*\)/g, '$1');
  return words
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');
}

function fragmentsOf(path: string): ReadonlySet<string> {
  const fragments = new Set<string>();
  const text = readFileSync(path, 'utf8').replace(/^```[\s\S]*?^```/gm, '');
  for (const [, heading = ''] of text.matchAll(/^#{1,6} (.+)$/gm)) {
    const first = slug(heading);
    let fragment = first;
    for (let count = 1; fragments.has(fragment); count++) fragment = `${first}-${count}`;
    fragments.add(fragment);
  }
  for (const [, name = ''] of text.matchAll(/<a (?:name|id)="([^"]+)"/g)) fragments.add(name);
  return fragments;
}

/** Why a link leads nowhere; undefined if it leads somewhere, or out of this repository. */
function problemOf(document: string, link: string): string | undefined {
  if (/^[a-z][a-z0-9+.-]*:/.test(link)) return undefined;
  const [file = '', fragment] = link.split('#');
  const target = file === '' ? document : normalize(join(dirname(document), decodeURIComponent(file)));
  if (target.startsWith('..') || !existsSync(target)) return `${document}: no file for ${link}`;
  if (fragment === undefined || !target.endsWith('.md')) return undefined;
  return fragmentsOf(target).has(fragment) ? undefined : `${document}: no heading for ${link}`;
}

function problemsOf(document: string): readonly string[] {
  const text = withoutCode(readFileSync(document, 'utf8'));
  const inline = Array.from(text.matchAll(/\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)/g), ([, link = '']) => link);
  const defined = Array.from(text.matchAll(/^\[[^\]]+\]:\s*(\S+)/gm), ([, link = '']) => link);
  return [...inline, ...defined].map((link) => problemOf(document, link)).filter((it) => it !== undefined);
}

test('links between the documents lead to files and headings that exist (STYLE 39)', () => {
  expect(documents).toContain('README.md');
  expect(documents.flatMap(problemsOf)).toEqual([]);
});

test('a link to a file or a heading that does not exist is noticed', () => {
  expect(problemOf('README.md', 'docs/none.md')).toBe('README.md: no file for docs/none.md');
  expect(problemOf('README.md', '#none')).toBe('README.md: no heading for #none');
  expect(problemOf('README.md', '#zinetd')).toBeUndefined();
});
