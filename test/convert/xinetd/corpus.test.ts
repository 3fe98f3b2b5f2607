import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { newBudget } from '../../../src/config/budget.ts';
import type { LineAccount } from '../../../src/config/foreign-format.ts';
import { plainValue } from '../../../src/config/plain-value.ts';
import { Report } from '../../../src/config/report.ts';
import { validateDocument } from '../../../src/config/validate.ts';
import { convertFiles } from '../../../src/convert/xinetd/convert-files.ts';
import { XinetdFiles } from '../../../src/convert/xinetd/xinetd-files.ts';
import { runZinetd } from '../../cli/run-zinetd.ts';
import { describeWith } from '../../harness/describe-with.ts';
import { includedDirectory, type XinetdCorpusEntry, xinetdCorpus } from '../../harness/xinetd-corpus.ts';

const GOLDEN = 'test/golden/xinetd-corpus';

/** Where fewer services are found than INDEX.md counts or the files begin, and why. */
const FEWER: Readonly<Record<string, readonly [number, string]>> = {
  'firebirdsql-firebird': [1, 'one of them is a template'],
  'gigx201-xinetd_mod': [1, 'NOTES 16: a name with a dot'],
  'globus-globus-toolkit': [1, 'two of them are templates'],
  'gophernicus-gophernicus': [0, 'a template'],
  'jangita-git-bash-pushtodeploy': [0, 'NOTES 13: INTERNAL for a program of its own'],
  'opensuse-xinetd': [32, 'NOTES 7 and 20: a form with nearly every attribute empty, and INTERCEPT'],
};

type Values = Readonly<Record<string, unknown>>;

interface Loaded {
  readonly main: string;
  readonly accounts: readonly LineAccount[];
  readonly services: Readonly<Record<string, Values>>;
  readonly codes: readonly string[];
}

/** What one file converts to with all that it includes: nothing of this hangs on the machine. */
function load(main: string): Loaded {
  const report = new Report({ leavesOut: true });
  const context = { report, budget: newBudget(), ownerUid: process.getuid?.() ?? 0 };
  const files = new XinetdFiles(context);
  const found = files.readAll([main]);
  const beside = {
    read: files.read.bind(files),
    list: (directory: string, at: Parameters<typeof files.list>[1]) =>
      files.list(resolve(includedDirectory(main, directory) ?? '/nonexistent'), at),
  };
  const read = found.kind === 'found' ? found.value : [];
  const { root, accounts } = convertFiles(read, { ...context, files: beside });
  if (root) validateDocument(root, { report, role: 'main' });
  const services = root?.entries.get('services')?.value;
  const codes = report.diagnostics().map(({ span, code }) => {
    return `${relative(main, span.file) || '.'}:${span.range?.line ?? '-'} ${code}`;
  });
  return { main, accounts, codes, services: services ? (plainValue(services) as Loaded['services']) : {} };
}

/** `~name:rest` for what is below somebody's home: summaries name no path that a machine may have. */
function withoutHome(path: unknown): string {
  return String(path).replace(/^\/home\/([^/]+)\//, '~$1:');
}

function describeService(name: string, service: Values | undefined): string {
  if (!service) return name;
  const { listen, wait, builtin, server, argv0, redirect } = service;
  const started = `${withoutHome(server)} as ${argv0 ?? server}`;
  const program = builtin ? `builtin ${builtin}` : redirect ? 'redirect' : started;
  return `${name}: ${[listen].flat().join(' ')}${wait ? ' wait' : ''} ${program}`;
}

function summary({ main, accounts, services, codes }: Loaded): string {
  const seen = accounts.filter(({ kind }) => kind !== 'blank' && kind !== 'comment');
  const lines = seen.map(({ file, line, lastLine, kind, name = '' }) => {
    const range = lastLine > line ? `${line}-${lastLine}` : `${line}`;
    const what = kind === 'service' ? describeService(name, services[name]) : name;
    return `${relative(main, file) || '.'}:${range} ${kind} ${what}`.trimEnd();
  });
  return `${[...lines, '', ...codes].join('\n')}\n`;
}

function linesOf({ line, lastLine }: LineAccount): readonly number[] {
  return Array.from({ length: lastLine - line + 1 }, (_, index) => line + index);
}

/** As far as a look at the beginnings of lines can tell. */
function begun({ files }: XinetdCorpusEntry): number {
  const texts = files.map((file) => readFileSync(file, 'utf8'));
  return texts.reduce((sum, text) => sum + (text.match(/^\s*service\s/gim)?.length ?? 0), 0);
}

describeWith('xinetd.conf from the wild', { needs: ['the corpus of xinetd.conf'] }, () => {
  const corpus = xinetdCorpus();

  test('is 60 entries of 120 files or so, each entry with a summary', () => {
    expect(corpus.length).toBeGreaterThanOrEqual(60);
    if (process.env['UPDATE_GOLDEN'] === '1') mkdirSync(GOLDEN, { recursive: true });
    else expect(readdirSync(GOLDEN).sort()).toEqual(corpus.map(({ slug }) => `${slug}.txt`).sort());
  });

  /** `UPDATE_GOLDEN=1 npx vitest run test/convert/xinetd/corpus.test.ts` writes the summaries anew. */
  for (const entry of corpus) {
    const counted = entry.services ?? begun(entry);
    const [fewer, why] = FEWER[entry.slug] ?? [];
    const services = fewer ?? counted;

    test(`${entry.slug}: ${services} services${why === undefined ? '' : `, not ${counted} (${why})`}`, () => {
      const loaded = entry.mains.map(load);
      const found = loaded.flatMap(({ accounts }) =>
        accounts.filter(({ kind }) => kind === 'service' || kind === 'disabled'),
      );
      const golden = join(GOLDEN, `${entry.slug}.txt`);
      const text = loaded
        .map((each) => `# ${relative(entry.folder, each.main)}\n${summary(each)}`)
        .join('\n');
      if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(golden, text);
      expect(text).toBe(existsSync(golden) ? readFileSync(golden, 'utf8') : '');
      expect(found).toHaveLength(services);
    });

    test(`${entry.slug}: each line of each file is accounted for`, () => {
      for (const main of entry.mains) {
        const { accounts } = load(main);
        for (const file of new Set(accounts.map((account) => account.file))) {
          const text = readFileSync(file, 'utf8');
          const count = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
          const lines = accounts.filter((account) => account.file === file).flatMap(linesOf);
          expect(lines).toEqual(Array.from({ length: count }, (_, index) => index + 1));
        }
      }
    });
  }

  test.each(['anthon-os-anthonos_suse_historical', 'gigx201-xinetd_mod', 'opensuse-xinetd'])(
    'check --format xinetd takes %s as it is, and every place is in one of its files',
    (slug) => {
      const entry = corpus.find((each) => each.slug === slug);
      for (const main of entry?.mains ?? []) {
        const { code, stderr, stdout } = runZinetd(['check', '--format', 'xinetd', '-c', main, '--json']);
        expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
        const { diagnostics } = JSON.parse(stdout) as { diagnostics: { file: string; line?: number }[] };
        for (const { file, line = 1 } of diagnostics) {
          expect(line).toBeLessThanOrEqual(readFileSync(file, 'utf8').split('\n').length);
        }
      }
    },
  );
});
