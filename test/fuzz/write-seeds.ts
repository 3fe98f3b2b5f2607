import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeBoot } from '../../src/compile/boot.ts';
import { encodeTable } from '../../src/compile/table.ts';
import { type ConfigSource, loadConfig } from '../../src/config/load.ts';
import { readXinetd } from '../../src/convert/xinetd/read-xinetd.ts';
import { configOf, exampleBoot, exampleConfig, plain } from '../compile/example.ts';
import { fakeHost } from '../config/fake-host.ts';
import { xinetdCorpus } from '../harness/xinetd-corpus.ts';

const MOST_BYTES = 6000;

/** Boot records and launch tables as the compiler makes them: of the examples, of a test's, and of what there is of the corpus. */
export function writeSeeds(directory: string): void {
  mkdirSync(directory, { recursive: true });
  const put = (name: string, bytes: Uint8Array) => writeFileSync(join(directory, name), bytes);
  put('boot', encodeBoot(exampleBoot));
  put(
    'boot-files',
    encodeBoot({ ...exampleBoot, notify: '/run/n', pidFile: '/run/p', sockets: 2, dispatcherUid: undefined }),
  );
  put('table', encodeTable(exampleConfig));
  put('table-plain', encodeTable(configOf([plain])));
  put('table-none', encodeTable(configOf([])));
  const examples = readdirSync('examples').filter((name) => name.endsWith('.yaml'));
  const sources: readonly (readonly [string, ConfigSource])[] = [
    ...examples.map((name) => [name, { path: join('examples', name) }] as const),
    ...xinetdCorpus().map(({ slug, mains }) => [slug, { paths: mains, format: readXinetd }] as const),
  ];
  const host = fakeHost({
    ownerUid: process.getuid?.() ?? 0,
    findUser: (name) => ({ name, uid: 1000, gid: 1000 }),
    findGroup: () => 1000,
    findPort: (name) => 1024 + name.length,
  });
  for (const [name, source] of sources) {
    const { config } = loadConfig(source, host);
    const bytes = config ? encodeTable(config) : undefined;
    if (bytes && bytes.length <= MOST_BYTES) put(`table-${name}`, bytes);
  }
}
