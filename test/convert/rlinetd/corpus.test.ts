import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { newBudget } from '../../../src/config/budget.ts';
import type { LineAccount } from '../../../src/config/foreign-format.ts';
import { plainValue } from '../../../src/config/plain-value.ts';
import { Report } from '../../../src/config/report.ts';
import { validateDocument } from '../../../src/config/validate.ts';
import { convertFiles } from '../../../src/convert/rlinetd/convert-files.ts';
import type { DirectoryFiles } from '../../../src/convert/rlinetd/directory-files.ts';
import { RlinetdFiles } from '../../../src/convert/rlinetd/rlinetd-files.ts';
import { runZinetd } from '../../cli/run-zinetd.ts';
import { describeWith } from '../../harness/describe-with.ts';
import { familyCorpus } from '../../harness/family-corpus.ts';

const GOLDEN = 'test/golden/rlinetd-corpus';

type Values = Readonly<Record<string, unknown>>;

interface Loaded {
  readonly file: string;
  readonly accounts: readonly LineAccount[];
  readonly services: Readonly<Record<string, Values>>;
  readonly codes: readonly string[];
}

/** Directories where the entry has them, beside its file; the files of the corpus come without. */
function besideFiles(file: string, files: RlinetdFiles): DirectoryFiles {
  return {
    read: files.read.bind(files),
    list: (directory, isMeant, at) => {
      const beside = join(dirname(file), basename(directory));
      return existsSync(beside) ? files.list(resolve(beside), isMeant, at) : { kind: 'found', value: [] };
    },
  };
}

/** What one file converts to: nothing of this hangs on the machine. */
function load(file: string): Loaded {
  const report = new Report({ leavesOut: true });
  const context = { report, budget: newBudget(), ownerUid: process.getuid?.() ?? 0 };
  const files = new RlinetdFiles(context);
  const found = files.readAll([file]);
  const read = found.kind === 'found' ? found.value : [];
  const { root, accounts } = convertFiles(read, { ...context, files: besideFiles(file, files), name: file });
  if (root) validateDocument(root, { report, role: 'main' });
  const services = root?.entries.get('services')?.value;
  const codes = report.diagnostics().map(({ span, code }) => `${span.range?.line ?? '-'} ${code}`);
  return { file, accounts, codes, services: services ? (plainValue(services) as Loaded['services']) : {} };
}

function describeService(name: string, service: Values | undefined): string {
  if (!service) return name;
  const { listen, builtin, server, instances } = service;
  return `${name}: ${[listen].flat().join(' ')} ${builtin ? `builtin ${builtin}` : server} instances ${instances}`;
}

function summary({ accounts, services, codes }: Loaded): string {
  const lines = accounts.map(({ line, lastLine, kind, name = '' }) => {
    const range = lastLine > line ? `${line}-${lastLine}` : `${line}`;
    const what = kind === 'service' ? describeService(name, services[name]) : name;
    return `${range} ${kind} ${what}`.trimEnd();
  });
  return `${[...lines, '', ...codes].join('\n')}\n`;
}

/** As far as a look at the beginnings of lines can tell. */
function begun(file: string): number {
  return readFileSync(file, 'utf8').match(/^\s*service\s/gm)?.length ?? 0;
}

describeWith('rlinetd.conf from the wild', { needs: ['the corpus of rlinetd.conf'] }, () => {
  const corpus = familyCorpus('rlinetd');

  test('has entries, each with a summary', () => {
    expect(corpus.length).toBeGreaterThanOrEqual(3);
    if (process.env['UPDATE_GOLDEN'] === '1') mkdirSync(GOLDEN, { recursive: true });
    else expect(readdirSync(GOLDEN).sort()).toEqual(corpus.map(({ slug }) => `${slug}.txt`).sort());
  });

  /** `UPDATE_GOLDEN=1 npx vitest run test/convert/rlinetd/corpus.test.ts` writes the summaries anew. */
  for (const { slug, folder, files } of corpus) {
    const count = files.reduce((sum, file) => sum + begun(file), 0);

    test(`${slug}: ${count} services, and each line is accounted for (promise 6)`, () => {
      const loaded = files.map(load);
      const golden = join(GOLDEN, `${slug}.txt`);
      const text = loaded.map((each) => `# ${relative(folder, each.file)}\n${summary(each)}`).join('\n');
      if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(golden, text);
      expect(text).toBe(existsSync(golden) ? readFileSync(golden, 'utf8') : '');
      const accounts = loaded.flatMap((each) => each.accounts);
      expect(accounts.filter(({ kind }) => kind === 'service')).toHaveLength(count);
      for (const { file, accounts: own } of loaded) {
        const written = readFileSync(file, 'utf8');
        const lines = own.flatMap(({ line, lastLine }) =>
          Array.from({ length: lastLine - line + 1 }, (_, index) => line + index),
        );
        const all = written.split('\n').length - (written.endsWith('\n') ? 1 : 0);
        expect(lines).toEqual(Array.from({ length: all }, (_, index) => index + 1));
      }
    });
  }

  test('check --format rlinetd takes the built-in services as they are', () => {
    const builtins = corpus.find(({ slug }) => slug === 'debian-rlinetd-example-builtins')?.files[0] ?? '';
    const { code, stdout, stderr } = runZinetd(['check', '--format', 'rlinetd', '-c', builtins]);
    expect({ code, stdout }, stderr).toEqual({ code: 0, stdout: `${builtins}: OK, 5 services\n` });
  });
});
