import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { runZinetd } from './run-zinetd.ts';

const PACKAGE = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

test('a command, option or argument that nobody declared is wrong usage, with the nearest name', () => {
  expect(runZinetd(['chek'])).toEqual({
    code: 2,
    stdout: '',
    stderr: 'zinetd: Cannot run "chek": no such command\n   help: did you mean "check"?\n',
  });
  expect(runZinetd(['check', '--prnt'])).toEqual({
    code: 2,
    stdout: '',
    stderr: 'zinetd: Cannot use "prnt": no such option\n   help: did you mean "--print"?\n',
  });
});

test('wrong usage of every kind says so on stderr and ends with 2', () => {
  const wrong = [
    [],
    ['check', 'x'],
    ['check', '-c'],
    ['check', '-c', 'a', '-c', 'b'],
    ['check', '--', 'x'],
    ['check', '--print', '--json'],
    ['schema', '-x'],
    ['--nope'],
  ];
  for (const args of wrong) {
    const { code, stdout, stderr } = runZinetd(args);
    expect({ code, stdout }, args.join(' ')).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^zinetd: /);
  }
});

test('--version prints the version of the package, and --help every command, both without a warning', () => {
  expect(runZinetd(['--version'])).toEqual({ code: 0, stdout: `${PACKAGE.version}\n`, stderr: '' });
  const help = runZinetd(['--help']);
  expect(help).toMatchObject({ code: 0, stderr: '' });
  for (const command of ['run', 'serve', 'check', 'schema'])
    expect(help.stdout).toContain(`zinetd ${command}`);
});

test('schema prints a JSON Schema whatever the size of the pipe', () => {
  const { code, stdout } = runZinetd(['schema']);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ type: 'object', required: ['version'] });
});

test('no package.json of the working directory changes how the command line is read', () => {
  expect(runZinetd(['--version'], { cwd: '/' }).stdout).toBe(`${PACKAGE.version}\n`);
});

test('the program runs without __proto__ as well (S107)', () => {
  const { code, stdout } = runZinetd(['schema'], { nodeArgs: ['--disable-proto=delete'] });
  expect(code).toBe(0);
  expect(stdout).toBe(runZinetd(['schema']).stdout);
});
