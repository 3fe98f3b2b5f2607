import { readFileSync } from 'node:fs';
import { ledgerFaults } from './ledger-faults.ts';
import {
  type Layer,
  type LedgerEntry,
  type LedgerGroup,
  type Mutant,
  readLedger,
} from './security-ledger.ts';
import { table } from './table.ts';

/** What `npm run results` noted. */
interface Noted {
  readonly date: string;
  readonly entries: Readonly<Record<string, Readonly<Record<'passed' | 'failed' | 'skipped', number>>>>;
}

const NOTED = JSON.parse(
  readFileSync(new URL('./notes/last-results.json', import.meta.url), 'utf8'),
) as Noted;

const INTRODUCTION = `# The security ledger

What has gone wrong in programs of this kind, or is made easy by the platform, and what keeps it from zinetd: the tests that name the entry
in their titles, and the files that hold it. A test holds an entry if it fails without what guards it; where a guard is shown, \`npm run test:mutants\`
takes it out and sees that. This page is made from the tests: \`npm run docs\` renews it, and fails where an entry has neither a test nor a reason why
it can have none.

All of these tests run in \`.ci/run\`; none may be skipped unless \`test/skips.json\` says why. The layers: \`unit\` is a function with all it
needs played; \`property\` holds for any input of a kind; \`fuzz\` is that for text, and goes on for as long as one likes
(\`ZINETD_FUZZ_SECONDS\`); \`integration\` is the real program with real sockets, or a process of it; \`load\` is that under load or for long;
\`structure\` reads the sources. The last results are of the whole run of ${NOTED.date}: \`npm run results\` notes those of
another; a title with a table stands for as many tests as the table has rows.
`;

const LAYERS: readonly Layer[] = ['unit', 'property', 'fuzz', 'integration', 'load', 'structure'];

const BARS_INTRODUCTION = `## What holds after every test

The bars that everything is measured by. B1, B2 and what follows from them are looked at behind every test that starts the program.
`;

function code(paths: readonly string[]): string {
  return paths.map((path) => `\`${path}\``).join(', ');
}

function summaryRow({ title, entries }: LedgerGroup): readonly string[] {
  const tests = entries.flatMap((entry) => entry.tests);
  const counts = LAYERS.map((layer) => String(tests.filter((test) => test.layer === layer).length));
  const [first, last] = [entries[0]?.name, entries.at(-1)?.name];
  return [`${title} (${first} to ${last})`, String(entries.length), ...counts];
}

/** Titles may have what Markdown takes for something else. */
function plain(title: string): string {
  return title.replace(/[<>*_|[\]`\\]/g, '\\$&');
}

/** As code in one line, whatever is in it. */
function inCode(text: string): string {
  const line = text.trim().replace(/\s+/g, ' ');
  return line.includes('`') ? `\`\` ${line} \`\`` : `\`${line}\``;
}

function resultLine(name: string): string {
  const counts = Object.entries(NOTED.entries[name] ?? {}).filter(([, count]) => count > 0);
  const said = counts.map(([outcome, count]) => `${count} ${outcome}`).join(', ');
  return `- last result: ${said || 'none yet'}\n`;
}

function guardLine({ file, guard, without, test }: Mutant): string {
  const change =
    without.trim() === '' ? `without ${inCode(guard)}` : `with ${inCode(without)} for ${inCode(guard)}`;
  return `- ${change} in \`${file}\`, \`${test}\` fails\n`;
}

function entryLines({ name, what, known, tests, guards, reason, mutants }: LedgerEntry): string {
  const lines = [
    `### ${name}\n\n${what}: ${known}.\n`,
    ...(reason === undefined ? [] : [`- no test: ${reason}\n`]),
    ...(guards.length === 0 ? [] : [`- guarded in ${code(guards)}\n`]),
    ...mutants.map(guardLine),
    ...tests.map(({ path, title, layer }) => `- ${layer}, \`${path}\`: ${plain(title)}\n`),
    ...(tests.length === 0 ? [] : [resultLine(name)]),
  ];
  const [head = '', ...rest] = lines;
  return `${head}\n${rest.join('')}`;
}

function groupLines({ title, entries }: LedgerGroup): string {
  return [`## ${title}\n`, ...entries.map(entryLines)].join('\n');
}

/** docs/security-ledger.md. */
export function securityLedgerPage(): string {
  const ledger = readLedger();
  const faults = ledgerFaults(ledger);
  if (faults.length > 0) throw new Error(`Cannot write the ledger:\n${faults.join('\n')}`);
  return [
    INTRODUCTION,
    table(['group', 'entries', ...LAYERS], ledger.groups.map(summaryRow)),
    ...ledger.groups.map(groupLines),
    BARS_INTRODUCTION,
    ...ledger.bars.map(entryLines),
  ].join('\n');
}
