import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { userPages } from './pages.ts';

const PURPOSES = ['tutorial', 'how-to', 'reference', 'explanation'];
/** Where issues and other documents look for them. */
const AT_THE_TOP = [
  ...['README', 'features', 'performance', 'reliability', 'reliability-f1', 'reliability-faults'],
  ...['reliability-fuzz', 'security-ledger'],
].map((name) => `docs/${name}.md`);

test('each page has one purpose, which is its directory, and docs/README.md leads to it (STYLE 39)', () => {
  const map = readFileSync('docs/README.md', 'utf8');
  const pages = userPages().filter((path) => path.startsWith('docs/') && path !== 'docs/README.md');
  const lost = pages.filter((path) => !map.includes(`](${path.slice('docs/'.length)})`));
  expect(lost).toEqual([]);
  const astray = pages.filter((path) => !PURPOSES.includes(path.split('/')[1] ?? ''));
  expect(astray.filter((path) => !AT_THE_TOP.includes(path))).toEqual([]);
});
