import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Outcome, runZinetd } from './run-zinetd.ts';

const USER = userInfo().username;
let home: string;

/** Names the user of the suite, so that root and anybody else see the same. */
function write(name: string, text: string): void {
  writeFileSync(join(home, name), text.replaceAll('@USER@', USER), { mode: 0o644 });
}

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'zinetd-inetd-'));
  write(
    'good.conf',
    '# ours\n127.0.0.1:7901 stream tcp nowait @USER@ /bin/cat cat -n\n7902 stream tcp4 nowait.5 @USER@ /bin/cat cat\n',
  );
  write(
    'mixed.conf',
    [
      '# a comment',
      '',
      '#telnet stream tcp nowait root /usr/sbin/in.telnetd in.telnetd',
      '*:',
      '7903 stream tcp4 nowait @USER@ /bin/cat cat',
      '7904 stream tcp4 nowait @USER@ /nonexistent/x x',
      'broken line',
      '',
    ].join('\n'),
  );
  write('slash.conf', '7905 stream tcp4 nowait/3 @USER@ /bin/cat cat\n');
  mkdirSync(join(home, 'inetd.d'));
  write('inetd.d/more', '7906 stream tcp4 nowait @USER@ /bin/cat cat\n');
});

afterAll(() => rmSync(home, { recursive: true, force: true }));

function zinetd(...args: readonly string[]): Outcome {
  return runZinetd(args, { cwd: home });
}

describe('check --format inetd', () => {
  test('takes a file as it is', () => {
    expect(zinetd('check', '--format', 'inetd', '-c', 'good.conf')).toEqual({
      code: 0,
      stdout: 'good.conf: OK, 2 services\n',
      stderr: '',
    });
  });

  test('ends with 1 for any error, and says how many services would run all the same', () => {
    const { code, stdout, stderr } = zinetd('check', '--format', 'inetd', '-c', 'mixed.conf');
    expect({ code, stdout }).toEqual({ code: 1, stdout: 'mixed.conf: 1 service without the errors above\n' });
    expect(stderr).toMatch(/^mixed\.conf:6:\d+: error\[config\/unreadable\]/m);
    expect(stderr).toMatch(/^mixed\.conf:7:8: error\[inetd\/fields\]/m);
    const json = zinetd('check', '--format', 'inetd', '-c', 'mixed.conf', '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({ ok: false });
  });

  test('takes several files and directories', () => {
    const { code, stdout } = zinetd('check', '--format', 'inetd', '-c', 'good.conf', '-c', 'inetd.d');
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'good.conf inetd.d: OK, 3 services\n' });
  });

  test('reads a file as the dialect that is asked for has it', () => {
    const freebsd = zinetd('check', '--format', 'inetd', '-c', 'slash.conf');
    expect(freebsd.code).toBe(0);
    const { code, stderr } = zinetd('check', '--format', 'inetd', '--dialect', 'debian', '-c', 'slash.conf');
    expect(code).toBe(1);
    expect(stderr).toContain('inetd/wait');
  });

  test('is wrong usage with a dialect for another format, or with one that nobody has', () => {
    expect(zinetd('check', '--dialect', 'debian', '-c', 'good.conf')).toMatchObject({ code: 2, stdout: '' });
    expect(zinetd('check', '--format', 'inetd', '--dialect', 'minix', '-c', 'good.conf')).toMatchObject({
      code: 2,
    });
    expect(zinetd('check', '--format', 'launchctl', '-c', 'good.conf')).toMatchObject({ code: 2 });
  });
});

describe('convert --from inetd', () => {
  test('prints a document that check takes, and that is what the file is when it runs as it is', () => {
    const { code, stdout, stderr } = zinetd('convert', '--from', 'inetd', 'good.conf');
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: 'good.conf:1: comment\ngood.conf:2: service "7901"\ngood.conf:3: service "7902"\n',
    });
    write('good.yaml', stdout);
    expect(zinetd('check', '-c', 'good.yaml')).toMatchObject({
      code: 0,
      stdout: 'good.yaml: OK, 2 services\n',
    });
    expect(zinetd('check', '-c', 'good.yaml', '--print').stdout).toBe(
      zinetd('check', '--format', 'inetd', '-c', 'good.conf', '--print').stdout,
    );
  });

  test('accounts for each line, and leaves out what could not run here', () => {
    const { code, stdout, stderr } = zinetd('convert', '--from', 'inetd', 'mixed.conf');
    expect(code).toBe(1);
    expect(stderr.split('\n').filter((line) => /^mixed\.conf:[0-9-]+: /.test(line))).toEqual([
      'mixed.conf:1: comment',
      'mixed.conf:2: blank',
      'mixed.conf:3: service "telnet", not enabled',
      'mixed.conf:4: for the lines that follow',
      'mixed.conf:5: service "7903"',
      'mixed.conf:6: service "7904", left out: see the error above',
      'mixed.conf:7: left out: see the error above',
    ]);
    expect(stdout).toContain('"7903":');
    expect(stdout).not.toContain('"7904":');
    write('mixed.yaml', stdout);
    expect(zinetd('check', '-c', 'mixed.yaml')).toMatchObject({ code: 0 });
  });

  test('with --all keeps what only this machine could not run', () => {
    const { stdout } = zinetd('convert', '--from', 'inetd', '--all', 'mixed.conf');
    expect(stdout).toContain('"7904":');
  });

  test('prints nothing for a file without services', () => {
    write('none.conf', '#telnet stream tcp nowait root internal\n');
    const { code, stdout, stderr } = zinetd('convert', '--from', 'inetd', 'none.conf');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('inetd/no-services');
  });
});

test('explain --format inetd explains a service of the file', () => {
  const { code, stdout } = zinetd(
    'explain',
    '7902',
    '--from',
    '192.0.2.1',
    '--format',
    'inetd',
    '-c',
    'good.conf',
  );
  expect(code).toBe(0);
  expect(stdout).toMatch(/admitted/);
});
