import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { encodeBoot } from '../../src/compile/boot.ts';
import { encodeTable } from '../../src/compile/table.ts';
import { exampleBoot, exampleConfig } from '../compile/example.ts';

const directory = mkdtempSync(join(tmpdir(), 'zinetd-table-'));

function run(kind: 'table' | 'boot', bytes: Uint8Array): string {
  const file = join(directory, kind);
  writeFileSync(file, bytes);
  return execFileSync(join(directory, 'table-test'), [kind, file], { encoding: 'utf8' });
}

describe('the decoder in the spawner', () => {
  beforeAll(() => {
    execFileSync('sh', ['test/native/build.sh', directory]);
  }, 120_000);

  test('accepts what the encoder makes and survives every hostile word in it (S97, S98, S100)', () => {
    expect(run('table', encodeTable(exampleConfig))).toMatch(/^ok/);
  });

  test('does the same for boot records', () => {
    expect(run('boot', encodeBoot(exampleBoot))).toMatch(/^ok/);
  });
});
