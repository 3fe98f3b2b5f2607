import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Beside the project, of which it is no part. */
const CORPUS = process.env['ZINETD_CORPUS'] ?? '../shared/corpus';
const ROOT = join(CORPUS, 'xinetd');

export interface XinetdCorpusEntry {
  /** As in INDEX.md, such as `debian-rush`. */
  readonly slug: string;
  readonly folder: string;
  /** All its files, in the order of their names. */
  readonly files: readonly string[];
  /** Those that no other one includes. */
  readonly mains: readonly string[];
  /** How many services INDEX.md counts; undefined where it counts files only. */
  readonly services: number | undefined;
}

export function hasXinetdCorpus(): boolean {
  return existsSync(ROOT);
}

function filesBelow(folder: string): readonly string[] {
  const paths = readdirSync(folder)
    .sort()
    .map((name) => join(folder, name));
  return paths.flatMap((path) => (statSync(path).isDirectory() ? filesBelow(path) : [path]));
}

/** Where the files of an `includedir` of an entry are, as it had them beside each other. */
export function includedDirectory(file: string, directory: string): string | undefined {
  const beside = join(dirname(file), basename(directory));
  return existsSync(beside) && statSync(beside).isDirectory() ? beside : undefined;
}

function includedBy(file: string): string | undefined {
  const [, directory] = /^\s*includedir\s+(\S+)/m.exec(readFileSync(file, 'utf8')) ?? [];
  return directory === undefined ? undefined : includedDirectory(file, directory);
}

function countIn(row: string): number | undefined {
  const counts = Array.from(row.matchAll(/(?<!further )\b(\d+) services?\b/g), ([, count]) => Number(count));
  return counts.length === 0 ? undefined : counts.reduce((sum, count) => sum + count, 0);
}

/** The entries of the corpus; none where there is no corpus. */
export function xinetdCorpus(): readonly XinetdCorpusEntry[] {
  if (!hasXinetdCorpus()) return [];
  const index = readFileSync(join(CORPUS, 'INDEX.md'), 'utf8');
  const rows = (index.split('\n## ').find((part) => part.startsWith('xinetd')) ?? '').split('\n');
  return readdirSync(ROOT)
    .sort()
    .map((slug) => {
      const files = filesBelow(join(ROOT, slug));
      const included = files.map(includedBy).filter((folder) => folder !== undefined);
      const row = rows.find((line) => line.startsWith(`| ${slug} |`)) ?? '';
      const notes = row.split(' | ').at(-1) ?? '';
      const mains = files.filter((file) => !included.includes(dirname(file)));
      return { slug, folder: join(ROOT, slug), files, mains, services: countIn(notes) };
    });
}
