import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { newBudget } from '../../../src/config/budget.ts';
import type { LineAccount } from '../../../src/config/foreign-format.ts';
import { plainValue } from '../../../src/config/plain-value.ts';
import { Report } from '../../../src/config/report.ts';
import { validateDocument } from '../../../src/config/validate.ts';
import { readLaunchd } from '../../../src/convert/launchd/read-launchd.ts';
import { describeWith } from '../../harness/describe-with.ts';
import { familyCorpus } from '../../harness/family-corpus.ts';

const GOLDEN = 'test/golden/launchd-corpus';

/** Where no job is found, and why. */
const NONE: Readonly<Record<string, string>> = { 'openprinting-cups': 'a template' };

type Values = Readonly<Record<string, unknown>>;

interface Loaded {
  readonly file: string;
  readonly accounts: readonly LineAccount[];
  readonly services: Readonly<Record<string, Values>>;
  readonly codes: readonly string[];
}

/** What one file converts to: nothing of this hangs on the machine. */
function load(file: string): Loaded {
  const report = new Report({ leavesOut: true });
  const context = { report, budget: newBudget(), ownerUid: process.getuid?.() ?? 0 };
  const { root, accounts } = readLaunchd([file], context);
  if (root) validateDocument(root, { report, role: 'main' });
  const services = root?.entries.get('services')?.value;
  const codes = report.diagnostics().map(({ span, code }) => `${span.range?.line ?? '-'} ${code}`);
  return { file, accounts, codes, services: services ? (plainValue(services) as Loaded['services']) : {} };
}

function describeService(name: string, service: Values | undefined): string {
  if (!service) return name;
  const { listen, wait, server, argv0, user, enabled } = service;
  const how = `${[listen].flat().join(' ')}${wait ? ' wait' : ''} ${server} as ${argv0 ?? server}`;
  return `${name}: ${how} by ${user}${enabled === false ? ' off' : ''}`;
}

function summary({ accounts, services, codes }: Loaded): string {
  const lines = accounts.map(({ line, lastLine, kind, name = '' }) =>
    `${line}-${lastLine} ${kind} ${describeService(name, services[name])}`.trimEnd(),
  );
  return `${[...lines, '', ...codes].join('\n')}\n`;
}

describeWith('jobs of launchd from the wild', { needs: ['the corpus of launchd'] }, () => {
  const corpus = familyCorpus('launchd');

  test('are ten, each with a summary', () => {
    expect(corpus.length).toBeGreaterThanOrEqual(10);
    if (process.env['UPDATE_GOLDEN'] === '1') mkdirSync(GOLDEN, { recursive: true });
    else expect(readdirSync(GOLDEN).sort()).toEqual(corpus.map(({ slug }) => `${slug}.txt`).sort());
  });

  /** `UPDATE_GOLDEN=1 npx vitest run test/convert/launchd/corpus.test.ts` writes the summaries anew. */
  for (const { slug, folder, files } of corpus) {
    const why = NONE[slug];
    const count = why === undefined ? files.length : 0;

    test(`${slug}: ${count} jobs${why === undefined ? '' : ` (${why})`}, and each line is accounted for (promise 6)`, () => {
      const loaded = files.map(load);
      const golden = join(GOLDEN, `${slug}.txt`);
      const text = loaded.map((each) => `# ${relative(folder, each.file)}\n${summary(each)}`).join('\n');
      if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(golden, text);
      expect(text).toBe(existsSync(golden) ? readFileSync(golden, 'utf8') : '');
      expect(loaded.flatMap(({ services }) => Object.keys(services))).toHaveLength(count);
      for (const { file, accounts, codes } of loaded) {
        const written = readFileSync(file, 'utf8');
        const all = written.split('\n').length - (written.endsWith('\n') ? 1 : 0);
        expect(accounts.map(({ line, lastLine }) => [line, lastLine])).toEqual([[1, all]]);
        expect(codes.filter((code) => code.includes('config/'))).toEqual([]);
      }
    });
  }
});
