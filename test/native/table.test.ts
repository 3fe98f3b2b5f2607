import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { encodeBoot } from '../../src/compile/boot.ts';
import { encodeTable } from '../../src/compile/table.ts';
import { configOf, exampleBoot, exampleConfig, plain } from '../compile/example.ts';

/** In the header of either blob. */
const FLAGS_AT = 12;
/** In the record of a table; and in a row for a variant. */
const [VARIANTS_AT, OUTLETS_AT] = [32, 40];
const [VARIANT_FLAGS_AT, LINGER_AT] = [48, 60];
const [PATHS_AT, RIGHTS_AT] = [88, 96];
const OUTLET_BYTES = 136;
const PATH_BYTES = 16;

const directory = mkdtempSync(join(tmpdir(), 'zinetd-table-'));

function run(kind: 'table' | 'boot', bytes: Uint8Array): string {
  const file = join(directory, kind);
  writeFileSync(file, bytes);
  return execFileSync(join(directory, 'table-test'), [kind, file], { encoding: 'utf8', stdio: 'pipe' });
}

describe('the decoder in the spawner', () => {
  beforeAll(() => {
    execFileSync('sh', ['test/native/build.sh', directory]);
  }, 120_000);

  test('accepts what the encoder makes and survives every hostile word in it (S97, S98, S100)', () => {
    expect(run('table', encodeTable(exampleConfig))).toMatch(/^ok/);
  });

  test('refuses a table with a flag that it does not know', () => {
    const table = encodeTable(exampleConfig);
    new DataView(table.buffer).setUint32(FLAGS_AT, 2, true);
    expect(() => run('table', table)).toThrow(/refused a valid blob/);
  });

  test('accepts a service that starts nothing', () => {
    const sensor = { ...plain, name: 'sensor', programs: [] };
    expect(run('table', encodeTable(configOf([sensor, ...exampleConfig.services, sensor])))).toMatch(/^ok/);
  });

  test.each([
    ['seconds to linger without the flag', { lingerSeconds: undefined, at: LINGER_AT, word: 1 }],
    ['more seconds to linger than there can be', { lingerSeconds: 7, at: LINGER_AT, word: 100_000 }],
    ['a flag of a variant that it does not know', { lingerSeconds: 7, at: VARIANT_FLAGS_AT, word: 32 }],
  ])('refuses %s', (_title, { lingerSeconds, at, word }) => {
    const programs = plain.programs.map((program) => ({ ...program, lingerSeconds }));
    const table = encodeTable(configOf([{ ...plain, programs }]));
    expect(run('table', table)).toMatch(/^ok/);
    const view = new DataView(table.buffer);
    view.setUint32(view.getUint32(VARIANTS_AT, true) + at, word, true);
    expect(() => run('table', table)).toThrow(/refused a valid blob/);
  });

  test.each([
    ['a path of Landlock beyond the table', { at: PATHS_AT, row: 1, word: 0xffff_ffff }],
    ['more paths of Landlock than there are', { at: PATHS_AT + 4, row: undefined, word: 0xffff }],
    ['paths of Landlock that nothing is denied but for', { at: RIGHTS_AT, row: undefined, word: 0 }],
  ])('refuses %s', (_title, { at, row, word }) => {
    const table = encodeTable(exampleConfig);
    const view = new DataView(table.buffer);
    const field = view.getUint32(VARIANTS_AT, true) + at;
    const place = row === undefined ? field : view.getUint32(field, true) + row * PATH_BYTES;
    view.setUint32(place, word, true);
    expect(() => run('table', table)).toThrow(/refused a valid blob/);
  });

  test.each([
    ['an outlet of a kind that it does not know', { row: 0, at: 0, word: 2 }],
    ['a file whose mode is more than permissions', { row: 0, at: 4, word: 0o4640 }],
    ['a file whose path begins nowhere', { row: 0, at: 8, word: 0 }],
    ['a path beyond the table', { row: 0, at: 8, word: 0xffff_ffff }],
    ['an address of no family', { row: 1, at: 12, word: 1 }],
    ['an address longer than there are', { row: 1, at: 12, word: 111 }],
  ])('refuses %s', (_title, { row, at, word }) => {
    const table = encodeTable(exampleConfig);
    const view = new DataView(table.buffer);
    view.setUint32(view.getUint32(OUTLETS_AT, true) + row * OUTLET_BYTES + at, word, true);
    expect(() => run('table', table)).toThrow(/refused a valid blob/);
  });

  test('does the same for boot records', () => {
    expect(run('boot', encodeBoot(exampleBoot))).toMatch(/^ok/);
  });
});
