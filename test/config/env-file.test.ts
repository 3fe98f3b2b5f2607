import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseEnvFile } from '../../src/config/parse-env-file.ts';
import { renderDiagnostics } from '../../src/config/render-diagnostics.ts';
import { isRoot } from '../harness/identity.ts';
import { openDescriptors } from '../integration/open-descriptors.ts';
import { fakeHost } from './fake-host.ts';
import { codes, loadText, oneService } from './load-text.ts';

const self = process.getuid?.() ?? 0;
let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'zinetd-env-'));
  chmodSync(home, 0o755);
});

afterEach(() => rmSync(home, { recursive: true, force: true }));

function write(name: string, content: string | Uint8Array): string {
  const path = join(home, name);
  writeFileSync(path, content, { mode: 0o600 });
  return path;
}

function load(attributes: Readonly<Record<string, unknown>>, environment = {}) {
  const changes = isRoot ? {} : { ownerUid: self, dispatcherUid: undefined };
  const written = { ...attributes, ...(isRoot ? {} : { user: undefined }) };
  return loadText(oneService(written), fakeHost({ ...changes, environment }));
}

function environmentOf(attributes: Readonly<Record<string, unknown>>, environment = {}): readonly string[] {
  const result = load(attributes, environment);
  return result.config?.services[0]?.programs[0]?.env ?? expect.fail(JSON.stringify(result.diagnostics));
}

describe('a file of variables', () => {
  test('has a line for each, comments, and values bare or in quotes', () => {
    const text = [
      '# a comment',
      '; another',
      '',
      'PLAIN=some words, and a # that is no comment  ',
      '  INDENTED=\t1',
      'EMPTY=',
      'NOTHING=""',
      `SINGLE='a "b" \\n $HOME'  `,
      'DOUBLE="a \\"b\\" \\\\ \\$HOME \\` $HOME"',
      'URL=postgres://u:p@host/db?x=1&y=2',
      'ÜMLAUT_IN_VALUE=x'.replace('Ü', 'U'),
      'VALUE=ü',
    ].join('\n');
    expect(parseEnvFile(text)).toEqual({
      variables: [
        ['PLAIN', 'some words, and a # that is no comment'],
        ['INDENTED', '1'],
        ['EMPTY', ''],
        ['NOTHING', ''],
        ['SINGLE', 'a "b" \\n $HOME'],
        ['DOUBLE', 'a "b" \\ $HOME ` $HOME'],
        ['URL', 'postgres://u:p@host/db?x=1&y=2'],
        ['UMLAUT_IN_VALUE', 'x'],
        ['VALUE', 'ü'],
      ],
      faults: [],
    });
  });

  test.each([
    ['export NAME=x', 1, 'no shell reads it'],
    ['NAME', 1, 'must be written as NAME=value'],
    ['1NAME=x', 1, 'the name must be'],
    ['NA ME=x', 1, 'the name must be'],
    ['NAME =x', 1, 'the name must be'],
    ['=x', 1, 'the name must be'],
    ["NAME=it's", 8, 'a quote or backslash'],
    ['NAME=a\\b', 7, 'a quote or backslash'],
    ['NAME=x\\', 7, 'a quote or backslash'],
    ['NAME="x', 6, 'does not end in this line'],
    ["NAME=  'x", 8, 'does not end in this line'],
    ['NAME="x" y', 9, 'something follows'],
    ["NAME='x'y", 9, 'something follows'],
    ['NAME="\\n"', 7, 'a backslash stands before'],
    ['NAME=a\x07b', 7, 'a control character'],
    ['NAME=a\r', 7, 'a control character'],
    ['NAME=a\0b', 7, 'a control character'],
    ['A=1\nA=2', 1, 'there twice'],
  ])('refuses %j at its column', (text, column, reason) => {
    const { faults } = parseEnvFile(text);
    expect(faults).toMatchObject([{ reason: expect.stringContaining(reason) }]);
    const lineStart = text.lastIndexOf('\n') + 1;
    expect((faults[0]?.start ?? -1) - lineStart + 1).toBe(column);
  });

  test('never takes what is in quotes for anything else, whatever it is', () => {
    const value = fc.string({ unit: 'binary' }).filter((text) => !/[\0-\x08\n-\x1f\x7f]/.test(text));
    fc.assert(
      fc.property(value, (text) => {
        const escaped = text.replace(/["\\$`]/g, '\\$&');
        expect(parseEnvFile(`A="${escaped}"`)).toEqual({ variables: [['A', text]], faults: [] });
        if (!text.includes("'"))
          expect(parseEnvFile(`A='${text}'`)).toEqual({ variables: [['A', text]], faults: [] });
      }),
    );
  });
});

describe('"env_file"', () => {
  test('is below "env" and above "pass_env", and the last of several files counts', () => {
    const first = write('first', 'A=first\nB=first\nC=first\nD=first\n');
    const second = write('second', 'B=second\nC=second\n');
    const attributes = { env_file: [first, second], env: { C: 'env' }, pass_env: ['D', 'E'] };
    const env = environmentOf(attributes, { D: 'passed', E: 'passed' });
    expect([...env].sort()).toEqual(['A=first', 'B=second', 'C=env', 'D=first', 'E=passed']);
  });

  test('may say what a handler would be told of its client', () => {
    const path = write('file', 'REMOTE_HOST=mine\nZINETD_SERVICE=mine\n');
    const env = environmentOf({ env_file: path, peer_env: ['xinetd', 'zinetd'] });
    expect([...env].sort()).toEqual(['REMOTE_HOST=mine', 'ZINETD_SERVICE=mine']);
  });

  test('is watched, as lists are', () => {
    const path = write('file', 'A=1\n');
    const watched = load({ env_file: path }).config?.watched ?? [];
    expect(watched.map((it) => it.path)).toContain(path);
  });

  test('tells where a line is wrong, and shows no value: it may be a secret', () => {
    const path = write('file', 'USER=joe\nPASSWORD="hunter2" x\n  hunter3\n');
    const result = load({ env_file: path });
    expect(result.config).toBeUndefined();
    expect(codes(result)).toEqual(['config/env-file-line', 'config/env-file-line']);
    const shown = renderDiagnostics(result.diagnostics);
    expect(shown).toContain(`${path}:2:19: error[config/env-file-line]`);
    expect(shown).toContain(`${path}:3:3: error[config/env-file-line]`);
    expect(shown).toContain('PASSWORD=********* *');
    expect(shown).not.toMatch(/hunter|joe/);
  });

  test.each([
    ['missing', 'config/unreadable', () => {}],
    ['a directory', 'config/not-a-file', (path: string) => mkdirSync(path)],
    ['not UTF-8', 'config/not-utf8', (path: string) => writeFileSync(path, Buffer.from([0x41, 0x3d, 0xff]))],
    [
      'writable by others',
      'config/untrusted-path',
      (path: string) => {
        writeFileSync(path, 'A=1\n');
        chmodSync(path, 0o666);
      },
    ],
  ])('that is %s is an error, is not left open, and nothing is served (S5, S44)', (_what, code, make) => {
    const path = join(home, 'file');
    make(path);
    const result = load({ env_file: path });
    expect([codes(result), result.config]).toEqual([[code], undefined]);
    expect(openDescriptors(process.pid).map(({ target }) => target)).not.toContain(path);
  });
});
