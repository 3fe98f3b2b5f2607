import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Makes docs/reliability-faults.md of what the tests of test/faults have recorded: `node scripts/faults.mjs`. */
const FIGURES = 'build/faults';
const PAGE = 'docs/reliability-faults.md';
const notes = JSON.parse(readFileSync('scripts/notes/faults.json', 'utf8'));

/** The last figure of each kind; one of the long form goes before one of the short. */
function figuresOf(fault) {
  const path = join(FIGURES, `${fault}.jsonl`);
  if (!existsSync(path)) return [];
  const rows = readFileSync(path, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  const last = new Map();
  for (const row of rows) {
    const known = last.get(row.figure);
    if (!known?.isLong || row.isLong) last.set(row.figure, row);
  }
  return [...last.values()];
}

/** Its scripts. */
function scriptsOf(fault) {
  const beginning = `f${fault.slice(1).padStart(2, '0')}-`;
  const names = readdirSync('test/faults').filter(
    (name) => name.startsWith(beginning) && name.endsWith('.test.ts'),
  );
  return names.map((name) => `\`test/faults/${name}\``).join(', ');
}

function number(value) {
  return typeof value === 'number' ? value.toLocaleString('en-GB') : value;
}

function section({ fault, what, pass, notes: more }) {
  const rows = figuresOf(fault).map(({ figure, value, bar, isLong }) => {
    return `| ${figure} | ${number(value)} | ${bar} | ${isLong ? 'long' : 'short'} |`;
  });
  const table = ['| figure | seen | to be | form |', '|---|---|---|---|', ...rows].join('\n');
  return [
    `## ${fault}: ${what}`,
    `To be: ${pass}. Scripts: ${scriptsOf(fault)}.`,
    ...more,
    rows.length > 0 ? table : 'No figures yet.',
  ].join('\n\n');
}

const HEAD = `# Faults, and what became of them

<!-- Made by \`node scripts/faults.mjs\` of build/faults, which \`npm run test:long\` and, with a short form, \`npm test\` write. -->

What is done to zinetd on purpose, and what it has to be afterwards: F2 to F17 and F24 to F27 of the fault plan. A run of all tests has a
short form of each; \`npm run test:long\` has all of it. The figures of F2 to F4, F6 and F7 are of a machine with two cores on which nothing
else ran; those of the others are of one on which much else was at work, so that times are longer than they need be. Counts are exact.`;

writeFileSync(PAGE, `${[HEAD, ...notes.map(section)].join('\n\n')}\n`);
