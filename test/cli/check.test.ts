import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Outcome, runZinetd } from './run-zinetd.ts';

const GOLDEN = fileURLToPath(new URL('../golden/check', import.meta.url));
const CASES = readdirSync(GOLDEN)
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => name.slice(0, -5));
let home: string;

/** Cases name the user of the suite, so that they say the same to root and to anybody else. */
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'zinetd-check-'));
  cpSync(GOLDEN, home, { recursive: true });
  for (const name of readdirSync(home).filter((each) => each.endsWith('.yaml'))) {
    const text = readFileSync(join(home, name), 'utf8').replaceAll('@USER@', userInfo().username);
    writeFileSync(join(home, name), text, { mode: 0o644 });
  }
});

afterAll(() => rmSync(home, { recursive: true, force: true }));

function describeOutcome({ code, stdout, stderr }: Outcome): string {
  return `exit ${code}\n--- stdout\n${stdout}--- stderr\n${stderr}`;
}

/** `UPDATE_GOLDEN=1 npx vitest run test/cli/check.test.ts` writes the expected outputs anew. */
function compare(file: string, actual: string): void {
  const path = join(GOLDEN, file);
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(path, actual);
  expect(actual).toBe(readFileSync(path, 'utf8'));
}

test.each(CASES)('check says of %s.yaml exactly what is expected', (name) => {
  compare(`${name}.txt`, describeOutcome(runZinetd(['check', '-c', `${name}.yaml`], { cwd: home })));
});

test('ten different mistakes give ten diagnostics, each at its place, as data', () => {
  const { code, stdout, stderr } = runZinetd(['check', '-c', 'ten-mistakes.yaml', '--json'], { cwd: home });
  const { ok, diagnostics } = JSON.parse(stdout) as {
    ok: boolean;
    diagnostics: { code: string; line: number; column: number }[];
  };
  expect({ code, stderr, ok }).toEqual({ code: 1, stderr: '', ok: false });
  expect(diagnostics.map((each) => `${each.line}:${each.column} ${each.code}`)).toEqual([
    '5:3 config/unknown-key',
    '9:36 config/unknown-port',
    '10:13 config/server-path',
    '11:11 config/invalid-value',
    '12:12 config/ambiguous-scalar',
    '14:13 config/duplicate-listener',
    '15:13 config/unreadable',
    '16:13 config/wrong-type',
    '17:23 config/rlimit-order',
    '18:3 config/missing-key',
  ]);
  expect(new Set(diagnostics.map((each) => each.code)).size).toBe(10);
});

test('a file that cannot be read is a diagnostic as well', () => {
  const { code, stderr } = runZinetd(['check', '-c', 'nothing.yaml'], { cwd: home });
  expect(code).toBe(1);
  expect(stderr).toContain('nothing.yaml: error[config/unreadable]: ');
});

test('check --print gives a configuration that check takes and prints the same again', () => {
  const { stdout } = runZinetd(['check', '-c', 'good.yaml', '--print'], { cwd: home });
  writeFileSync(join(home, 'printed.yml'), stdout, { mode: 0o644 });
  const again = runZinetd(['check', '-c', 'printed.yml', '--print'], { cwd: home });
  expect(again).toEqual({ code: 0, stdout, stderr: '' });
});

test('check works without __proto__ as well (S107)', () => {
  for (const name of ['good', 'ten-mistakes']) {
    const args = ['check', '-c', `${name}.yaml`];
    expect(runZinetd(args, { cwd: home, nodeArgs: ['--disable-proto=delete'] })).toEqual(
      runZinetd(args, { cwd: home }),
    );
  }
});
