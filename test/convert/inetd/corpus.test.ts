import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import type { LineAccount } from '../../../src/config/foreign-format.ts';
import { loadConfig } from '../../../src/config/load.ts';
import { Report } from '../../../src/config/report.ts';
import { validateDocument } from '../../../src/config/validate.ts';
import { runZinetd } from '../../cli/run-zinetd.ts';
import { fakeHost } from '../../config/fake-host.ts';
import { describeWith } from '../../harness/describe-with.ts';
import { type InetdCorpusFile, inetdCorpus } from '../../harness/inetd-corpus.ts';
import { type Converted, convertText } from './convert-text.ts';

const GOLDEN = 'test/golden/inetd-corpus';

/** Where fewer services are found than INDEX.md has active lines, and what NOTES.md says of it. */
const FEWER: Readonly<Record<string, readonly [number, string]>> = {
  'gdha-mkcdrec': [1, '20: two active lines for the same service'],
  'guenther-brunthaler-usr-local-etc': [10, '12: a line that holds only addresses'],
  'netbsd-src-tests': [10, '16: definitions over several lines'],
  'zmanda-amanda-example-inetd.conf.amandaclient.in': [0, '24: a template'],
  'zmanda-amanda-example-inetd.conf.amandaserver.in': [0, '24: a template'],
};

/** What the file converts to, with what validation says of it: nothing of this hangs on the machine. */
function convert({ path }: InetdCorpusFile): Converted & { readonly codes: readonly string[] } {
  const converted = convertText(readFileSync(path, 'utf8'));
  const report = new Report({ leavesOut: true });
  if (converted.root) validateDocument(converted.root, { report, role: 'main' });
  const all = [...converted.diagnostics, ...report.diagnostics()];
  const codes = all.map(({ span, code }): [number, string] => [span.range?.line ?? 0, code]);
  codes.sort(([left], [right]) => left - right);
  return { ...converted, codes: codes.map(([line, code]) => `${line === 0 ? '-' : line} ${code}`) };
}

function describeService(name: string, service: Readonly<Record<string, unknown>>): string {
  const { listen, wait, builtin, server, argv0, hosts_access: hosts } = service;
  const program = builtin === undefined ? `${server} as ${argv0}` : `builtin ${builtin}`;
  return `${name}: ${[listen].flat().join(' ')}${wait ? ' wait' : ''} ${program}${hosts ? ', hosts_access' : ''}`;
}

function summary({ accounts, services, codes }: ReturnType<typeof convert>): string {
  const seen = accounts.filter(({ kind }) => kind !== 'blank' && kind !== 'comment' && kind !== 'disabled');
  const lines = seen.map(({ line, lastLine, kind, name }) => {
    const range = lastLine > line ? `${line}-${lastLine}` : `${line}`;
    const service = services[name ?? ''];
    return `${range} ${kind} ${service && name ? describeService(name, service) : ''}`.trimEnd();
  });
  const disabled = accounts.filter(({ kind }) => kind === 'disabled').length;
  return `${[...lines, `${disabled} commented out`, '', ...codes].join('\n')}\n`;
}

function linesOf({ line, lastLine }: LineAccount): readonly number[] {
  return Array.from({ length: lastLine - line + 1 }, (_, index) => line + index);
}

describeWith('inetd.conf from the wild', { needs: ['the corpus of inetd.conf'] }, () => {
  const corpus = inetdCorpus();

  test('is 65 files, each with a summary', () => {
    expect(corpus).toHaveLength(65);
    if (process.env['UPDATE_GOLDEN'] === '1') mkdirSync(GOLDEN, { recursive: true });
    else expect(readdirSync(GOLDEN).sort()).toEqual(corpus.map(({ slug }) => `${slug}.txt`).sort());
  });

  /** `UPDATE_GOLDEN=1 npx vitest run test/convert/inetd/corpus.test.ts` writes the summaries anew. */
  for (const file of corpus) {
    const [fewer, why] = FEWER[file.slug] ?? [];
    const services = fewer ?? file.active;

    test(`${file.slug}: ${services} services${why === undefined ? '' : `, not ${file.active} (NOTES ${why})`}`, () => {
      const converted = convert(file);
      const found = converted.accounts.filter(({ kind }) => kind === 'service');
      expect(found).toHaveLength(services);
      const golden = join(GOLDEN, `${file.slug}.txt`);
      if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(golden, summary(converted));
      expect(summary(converted)).toBe(existsSync(golden) ? readFileSync(golden, 'utf8') : '');
    });

    test(`${file.slug}: each line is accounted for, and loads or says why not`, () => {
      const text = readFileSync(file.path, 'utf8');
      const { accounts, root } = convert(file);
      const count = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
      expect(accounts.flatMap(linesOf)).toEqual(Array.from({ length: count }, (_, index) => index + 1));
      const format = (): { root: typeof root; accounts: typeof accounts } => ({ root, accounts });
      const { config, diagnostics } = loadConfig({ paths: [file.path], format }, fakeHost());
      const isWrong = diagnostics.some(({ severity }) => severity === 'error');
      expect(isWrong || (config?.services.length ?? 0) === Object.keys(convert(file).services).length).toBe(
        true,
      );
    });
  }

  test.each([
    'chaosdorf-dorfmap-deb',
    'jameshilliard-cointerra-rootfs',
    'netbsd-src-tests',
    'movlab2-hiveos-win',
  ])('check --format inetd takes %s as it is', (slug) => {
    const { path } = corpus.find((each) => each.slug === slug) ?? { path: '' };
    const { code, stderr, stdout } = runZinetd(['check', '--format', 'inetd', '-c', path, '--json']);
    expect({ code, stderr }).toEqual({ code: slug.startsWith('jameshilliard') ? 0 : 1, stderr: '' });
    const { diagnostics } = JSON.parse(stdout) as { diagnostics: { file: string; line?: number }[] };
    const count = readFileSync(path, 'utf8').split('\n').length;
    for (const { file, line = 1 } of diagnostics) {
      if (basename(file) === basename(path)) expect(line).toBeLessThanOrEqual(count);
    }
  });
});
