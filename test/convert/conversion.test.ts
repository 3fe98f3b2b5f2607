import { readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { foreignSource } from '../../src/cli/config-source.ts';
import { differencesOf } from '../../src/cli/convert/compare.ts';
import { type Conversion, convertSource } from '../../src/cli/convert/conversion.ts';
import type { ForeignName } from '../../src/cli/format-options.ts';
import type { Code } from '../../src/config/codes.ts';
import type { Diagnostic } from '../../src/config/diagnostic.ts';
import type { Host } from '../../src/config/host.ts';
import { loadConfig } from '../../src/config/load.ts';
import { printDocument } from '../../src/config/print-document.ts';
import { fakeHost } from '../config/fake-host.ts';
import { describeWith } from '../harness/describe-with.ts';
import { familyCorpus } from '../harness/family-corpus.ts';
import { inetdCorpus } from '../harness/inetd-corpus.ts';
import { xinetdCorpus } from '../harness/xinetd-corpus.ts';

/** What is wrong with them here is that this machine does not have their programs, files and hosts. */
const OF_THE_MACHINE: ReadonlySet<Code> = new Set<Code>([
  ...([
    'config/unreadable',
    'config/untrusted-path',
    'config/unknown-host',
    'config/unknown-rpc-program',
  ] as const),
]);

/** A machine that has every name that there is, each with a number of its own. */
function anyHost(): Host {
  const numbers = new Map<string, number>();
  const numberOf = (name: string): number => {
    const number = numbers.get(name) ?? 1024 + numbers.size;
    numbers.set(name, number);
    return number;
  };
  const named = (name: string) => ({ name, uid: numberOf(name), gid: numberOf(name) });
  return fakeHost({
    findUser: (name) => (name === 'root' ? { name, uid: 0, gid: 0 } : named(name)),
    findGroup: numberOf,
    findPort: numberOf,
    findRpcProgram: numberOf,
  });
}

const HOST = anyHost();

interface Case {
  readonly format: ForeignName;
  readonly name: string;
  readonly paths: readonly string[];
  readonly files: readonly string[];
}

function eachFile(format: ForeignName, files: readonly string[]): readonly Case[] {
  return files.map((path) => ({ format, name: basename(join(path, '..')), paths: [path], files: [path] }));
}

/** Units belong together; of the others each file is read by itself. */
const CASES: readonly Case[] = [
  ...eachFile(
    'inetd',
    inetdCorpus().map(({ path }) => path),
  ),
  ...eachFile(
    'xinetd',
    xinetdCorpus().flatMap(({ files }) => files),
  ),
  ...(['rlinetd', 'launchd', 'tcprules'] as const).flatMap((format) =>
    eachFile(
      format,
      familyCorpus(format).flatMap(({ files }) => files),
    ),
  ),
  ...familyCorpus('hosts_access').map(({ slug, files }) => ({
    ...{ format: 'hosts_access' as const, name: slug, paths: files, files },
  })),
  ...familyCorpus('systemd').map(({ slug, folder, files }) => ({
    ...{ format: 'systemd' as const, name: slug, paths: [folder], files },
  })),
];

async function convert({ format, paths }: Case, all: boolean): Promise<Conversion> {
  const source = await foreignSource({ paths, format, dialect: undefined });
  return convertSource(source, { host: HOST, all });
}

function wrongIn(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return diagnostics.filter(({ severity, code }) => severity === 'error' && !OF_THE_MACHINE.has(code));
}

function linesIn(path: string): number {
  const text = readFileSync(path, 'latin1');
  return text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
}

describeWith(
  'files from the wild',
  { needs: ['the corpus of inetd.conf', 'the corpus of xinetd.conf'] },
  () => {
    test.each(CASES)('$format: $name becomes a document that has nothing wrong with it', async (file) => {
      const { root, comments } = await convert(file, true);
      const text = root ? printDocument(root, comments) : '';
      const { diagnostics } = text === '' ? { diagnostics: [] } : loadConfig({ name: 'it', text }, HOST);
      expect(wrongIn(diagnostics)).toEqual([]);
    });

    test.each(CASES)('$format: $name is accounted for line by line, and means the same', async (file) => {
      const { root, comments, reports, source } = await convert(file, false);
      for (const path of file.files) {
        const own = reports.filter((report) => resolve(report.file) === resolve(path));
        const lines = own.reduce((sum, { line, last_line: last }) => sum + last - line + 1, 0);
        expect(`${path}: ${lines} lines`).toBe(`${path}: ${linesIn(path)} lines`);
      }
      for (const { became, reason } of reports) expect(became === 'dropped' && !reason).toBe(false);
      if (!root || !source.resolved) return;
      const text = printDocument(root, comments);
      const { resolved, diagnostics } = loadConfig({ name: 'it', text }, HOST);
      expect(wrongIn(diagnostics)).toEqual([]);
      expect(resolved ? differencesOf(source.resolved, resolved) : []).toEqual([]);
    });
  },
);
