import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Beside the project, of which it is no part. */
const CORPUS = process.env['ZINETD_CORPUS'] ?? '../shared/corpus';
const ROOT = join(CORPUS, 'inetd');

export interface InetdCorpusFile {
  /** Of the entry in INDEX.md, such as `golems-ach`. */
  readonly slug: string;
  readonly path: string;
  /** How many active lines INDEX.md counts. */
  readonly active: number;
}

export function hasInetdCorpus(): boolean {
  return existsSync(ROOT);
}

/** The inetd.conf files of the corpus; none where there is no corpus. */
export function inetdCorpus(): readonly InetdCorpusFile[] {
  if (!hasInetdCorpus()) return [];
  const index = readFileSync(join(CORPUS, 'INDEX.md'), 'utf8').split('\n');
  return readdirSync(ROOT).flatMap((slug) =>
    readdirSync(join(ROOT, slug)).map((file) => {
      const row = index.find((line) => line.startsWith(`| ${slug} `)) ?? '';
      return {
        slug,
        path: join(ROOT, slug, file),
        active: Number(/(\d+) active/.exec(row)?.[1] ?? Number.NaN),
      };
    }),
  );
}
