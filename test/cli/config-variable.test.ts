import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isRoot } from '../harness/identity.ts';
import { scratch } from '../harness/scratch.ts';
import { runZinetd } from './run-zinetd.ts';

const user = isRoot ? { user: 'nobody' } : {};

function documentOf(attributes: object): string {
  const it = { listen: 'tcp://127.0.0.1:0', server: '/bin/true', ...user, ...attributes };
  return JSON.stringify({ version: 1, services: { it } });
}

const GOOD = documentOf({});

function check(text: string, args: readonly string[] = []) {
  return runZinetd(['check', ...args], { env: { PATH: process.env['PATH'], ZINETD_CONFIG: text } });
}

describe('ZINETD_CONFIG', () => {
  test('is the configuration where no file is named', () => {
    expect(check(GOOD)).toEqual({ code: 0, stdout: 'ZINETD_CONFIG: OK, 1 service\n', stderr: '' });
  });

  test('has diagnostics with its own name, line and column', () => {
    const { code, stderr } = check('version: 1\nservices:\n  it:\n    instance: 20\n');
    expect(code).toBe(1);
    expect(stderr).toContain('ZINETD_CONFIG:4:5: error[config/unknown-key]: Cannot use "instance"');
  });

  test('is not read, with a warning, where a file is named or the command line says all', () => {
    const path = join(scratch('config'), 'zinetd.yaml');
    writeFileSync(path, GOOD, { mode: 0o644 });
    const { code, stdout, stderr } = check('nonsense', ['-c', path]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${path}: OK, 1 service\n` });
    expect(stderr).toBe('zinetd: warning: ZINETD_CONFIG is not read: "--config" says what is served\n');
    const served = runZinetd(['serve', 'tcp://nowhere', '--', 'true'], { env: { ZINETD_CONFIG: GOOD } });
    expect(served.stderr).toContain('ZINETD_CONFIG is not read: the command line says what is served');
  });

  test('is an error where it is empty, where it is not UTF-8, and as a file of another program', () => {
    const refused = (text: string, args?: readonly string[]) => {
      const { code, stderr } = check(text, args);
      return [code, stderr.split('\n')[0]];
    };
    expect(refused(' \n')).toEqual([2, 'zinetd: Cannot use ZINETD_CONFIG: it is empty']);
    expect(refused('#\uFFFD')).toEqual([2, 'zinetd: Cannot use ZINETD_CONFIG: it is not UTF-8 text']);
    expect(refused(GOOD, ['--format', 'inetd'])).toEqual([
      2,
      'zinetd: Cannot use "--format inetd" for ZINETD_CONFIG: its text is a native document',
    ]);
  });

  test('cannot include a file, and cannot be passed on', () => {
    expect(check(`include: [/etc/more.yaml]\n${'version: 1\nservices: {}\n'}`).stderr).toContain(
      'error[config/include]: Cannot include "/etc/more.yaml": this configuration is not a file',
    );
    expect(check(documentOf({ pass_env: ['ZINETD_CONFIG'] })).stderr).toContain(
      'Cannot pass on "ZINETD_CONFIG" to service "it": it is the configuration itself',
    );
  });
});
