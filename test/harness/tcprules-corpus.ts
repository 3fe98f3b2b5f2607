import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Beside the project, of which it is no part. */
const CORPUS = process.env['ZINETD_CORPUS'] ?? '../shared/corpus';
const ROOT = join(CORPUS, 'tcprules');

export interface TcprulesCorpusEntry {
  /** As in INDEX.md, such as `qmail-run.gbp-07ff`. */
  readonly slug: string;
  readonly folder: string;
  readonly names: readonly string[];
}

export function hasTcprulesCorpus(): boolean {
  return existsSync(ROOT);
}

/** The entries of the corpus; none where there is no corpus. */
export function tcprulesCorpus(): readonly TcprulesCorpusEntry[] {
  if (!hasTcprulesCorpus()) return [];
  return readdirSync(ROOT)
    .sort()
    .map((slug) => ({ slug, folder: join(ROOT, slug), names: readdirSync(join(ROOT, slug)).sort() }));
}
