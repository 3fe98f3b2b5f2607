import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Beside the project, of which it is no part. */
const CORPUS = process.env['ZINETD_CORPUS'] ?? '../shared/corpus';
const ROOT = join(CORPUS, 'systemd');

export interface SystemdCorpusEntry {
  /** As in INDEX.md, such as `debian-tang`. */
  readonly slug: string;
  readonly folder: string;
  /** Of its socket units. */
  readonly sockets: readonly string[];
}

export function hasSystemdCorpus(): boolean {
  return existsSync(ROOT);
}

/** The entries of the corpus; none where there is no corpus. */
export function systemdCorpus(): readonly SystemdCorpusEntry[] {
  if (!hasSystemdCorpus()) return [];
  return readdirSync(ROOT)
    .sort()
    .map((slug) => {
      const folder = join(ROOT, slug);
      return { slug, folder, sockets: readdirSync(folder).filter((file) => file.endsWith('.socket')) };
    });
}
