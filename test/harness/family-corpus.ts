import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Beside the project, of which it is no part. */
const CORPUS = process.env['ZINETD_CORPUS'] ?? '../shared/corpus';

export interface FamilyEntry {
  /** As in INDEX.md, such as `debian-rlinetd`. */
  readonly slug: string;
  readonly folder: string;
  /** All its files, in the order of their names. */
  readonly files: readonly string[];
}

export function hasFamily(family: string): boolean {
  return existsSync(join(CORPUS, family));
}

function filesBelow(folder: string): readonly string[] {
  const paths = readdirSync(folder)
    .sort()
    .map((name) => join(folder, name));
  return paths.flatMap((path) => (statSync(path).isDirectory() ? filesBelow(path) : [path]));
}

/** The entries of one family of the corpus; none where there is no corpus. */
export function familyCorpus(family: string): readonly FamilyEntry[] {
  if (!hasFamily(family)) return [];
  const root = join(CORPUS, family);
  return readdirSync(root)
    .sort()
    .map((slug) => ({ slug, folder: join(root, slug), files: filesBelow(join(root, slug)) }));
}
