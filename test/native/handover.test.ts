import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { encodeBoot } from '../../src/compile/boot.ts';
import { encodeTable } from '../../src/compile/table.ts';
import { exampleBoot, exampleConfig } from '../compile/example.ts';

test('a hand-over that was changed anywhere is refused, and none upsets the decoder (S115)', () => {
  const directory = mkdtempSync(join(tmpdir(), 'zinetd-handover-'));
  execFileSync('sh', ['test/native/build.sh', directory]);
  const [boot, table] = [join(directory, 'boot'), join(directory, 'table')];
  writeFileSync(boot, encodeBoot(exampleBoot));
  writeFileSync(table, encodeTable(exampleConfig));
  const said = execFileSync(join(directory, 'handover-test'), [boot, table], {
    encoding: 'utf8',
    stdio: 'pipe',
  });
  expect(said).toMatch(/^ok [1-9]\d* of \d{4,}/);
}, 240_000);
