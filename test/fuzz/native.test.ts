import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { scratch } from '../harness/scratch.ts';
import { writeSeeds } from './write-seeds.ts';

const CORPUS = 'test/fuzz/corpus';

/** Named by what they replay. */
const TARGETS = [
  ['blob', 'boot records, launch tables and hand-overs (F23, S97, S115)'],
  ['messages', 'requests of a dispatcher in any order (F23, S7, S98)'],
  ['packets', 'packets of any length with many descriptors (F23, S7)'],
] as const;

const built = scratch('fuzz-targets');
const seeds = scratch('fuzz-seeds');

beforeAll(() => {
  execFileSync('sh', ['test/fuzz/build.sh', built], { stdio: 'pipe' });
  writeSeeds(seeds);
}, 240_000);

function filesIn(directory: string): readonly string[] {
  return readdirSync(directory).map((name) => join(directory, name));
}

test.each(TARGETS)(
  '%s: of %s none that the fuzzer kept upsets the spawner',
  (target) => {
    const files = [...filesIn(join(CORPUS, target)), ...(target === 'blob' ? filesIn(seeds) : [])];
    expect(files.length).toBeGreaterThan(3);
    const said = execFileSync(join(built, target), files, { encoding: 'utf8', stdio: 'pipe' });
    expect(said).toBe(`ok, ${files.length} inputs\n`);
  },
  120_000,
);
