import { readFileSync, writeFileSync } from 'node:fs';
import { ledgerNames } from './ledger-names.mjs';

/*
 * Notes what became of the tests of each entry of the security ledger in a whole run of the suite: `npm run results`, behind `.ci/run`,
 * or with another file that vitest's JSON reporter wrote. The page shows it as the last result.
 */
const NOTES = 'scripts/notes/last-results.json';
const [, , file = 'build/ci-results.json'] = process.argv;

const { startTime, testResults } = JSON.parse(readFileSync(file, 'utf8'));
const counts = new Map();

for (const { status, title, ancestorTitles } of testResults.flatMap((of) => of.assertionResults)) {
  for (const name of new Set(ledgerNames([...ancestorTitles, title].join(' ')))) {
    const count = counts.get(name) ?? { passed: 0, failed: 0, skipped: 0 };
    count[status === 'passed' || status === 'failed' ? status : 'skipped']++;
    counts.set(name, count);
  }
}

const inOrder = (a, b) => a.localeCompare(b, 'en', { numeric: true });
const entries = Object.fromEntries([...counts].sort(([a], [b]) => inOrder(a, b)));
const date = new Date(startTime).toISOString().slice(0, 10);
writeFileSync(NOTES, `${JSON.stringify({ date, entries }, undefined, 2)}\n`);
console.log(`${counts.size} entries and bars in ${NOTES}`);
