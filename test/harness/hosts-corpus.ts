import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = 'test/fixtures/corpus/hosts_access';

export interface HostsCorpusFile {
  /** Source and file, such as `danil-etc/hosts.deny`. */
  readonly name: string;
  readonly path: string;
  readonly table: 'allow' | 'deny';
}

/** The files of test/fixtures/corpus/hosts_access; ORIGIN.md there says where they come from. */
export function hostsCorpus(): readonly HostsCorpusFile[] {
  return readdirSync(ROOT, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => readdirSync(join(ROOT, name)).map((file) => `${name}/${file}`))
    .map((name) => ({
      name,
      path: join(ROOT, name),
      table: name.includes('/hosts.deny') ? 'deny' : 'allow',
    }));
}
