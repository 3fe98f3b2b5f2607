import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { scratch } from '../harness/scratch.ts';
import { type Outcome, runZinetd } from './run-zinetd.ts';

const USER = userInfo().username;
const POP = `7910\\t\\tstream\\ttcp\\tnowait\\t${USER}\\t/bin/cat\\tcat`;

/** A configuration with a directory for the services of packages. */
function place(): {
  directory: string;
  update: (...args: readonly string[]) => Outcome;
  check: () => Outcome;
} {
  const home = scratch('update-inetd');
  const directory = join(home, 'services.d');
  mkdirSync(directory);
  writeFileSync(
    join(home, 'zinetd.yaml'),
    'version: 1\ninclude: ["services.d/*.yaml"]\nservices: {own: {listen: "tcp://127.0.0.1:7911", builtin: echo}}\n',
    { mode: 0o644 },
  );
  return {
    directory,
    update: (...args) => runZinetd(['update-inetd', '--directory', directory, ...args]),
    check: () => runZinetd(['check', '-c', join(home, 'zinetd.yaml')]),
  };
}

describe('zinetd update-inetd, for packages of Debian', () => {
  test('adds a service of which the configuration is made then', () => {
    const { directory, update, check } = place();
    expect(update('--group', 'MAIL', '--add', POP)).toMatchObject({ code: 0, stdout: '7910: added\n' });
    const text = readFileSync(join(directory, '7910.yaml'), 'utf8');
    expect(text).toMatch(
      /^# inetd: 7910 stream tcp nowait \S+ \/bin\/cat cat\n# Added by update-inetd, group MAIL\n/,
    );
    expect(check().stdout).toContain('OK, 2 services');
    expect(update('--add', POP)).toMatchObject({ code: 0, stdout: '7910: there already\n' });
  });

  test('switches it off and on, and leaves what people wrote into the file', () => {
    const { directory, update, check } = place();
    update('--add', POP);
    const path = join(directory, '7910.yaml');
    writeFileSync(path, `${readFileSync(path, 'utf8')}    nice: 5 # ours\n`);
    expect(update('--disable', '7910')).toMatchObject({ code: 0, stdout: '7910: switched off\n' });
    expect(check().stdout).toContain('OK, 1 service');
    expect(update('--disable', '7910')).toMatchObject({ code: 0, stdout: '' });
    expect(update('--enable', '7910,nosuch')).toMatchObject({ code: 0, stdout: '7910: switched on\n' });
    expect(readFileSync(path, 'utf8')).toContain('nice: 5 # ours');
    expect(check().stdout).toContain('OK, 2 services');
  });

  test('adds what is commented out switched off, and switches on what is added again', () => {
    const { directory, update } = place();
    expect(update('--add', `#<off># ${POP}`)).toMatchObject({ code: 0 });
    expect(readdirSync(directory)).toEqual(['7910.yaml.off']);
    expect(update('--add', POP)).toMatchObject({ code: 0, stdout: '7910: switched on\n' });
    expect(readdirSync(directory)).toEqual(['7910.yaml']);
  });

  test('removes the one that is meant, and several only with --multi', () => {
    const { directory, update } = place();
    update('--add', POP);
    update('--add', POP.replace('7910', '7912'));
    const unsure = update('--remove', '^79.*cat');
    expect(unsure).toMatchObject({ code: 1, stdout: '' });
    expect(unsure.stderr).toContain('Cannot tell which is meant: 7910, 7912');
    expect(update('--remove', '^7912')).toMatchObject({ code: 0, stdout: '7912: removed\n' });
    expect(update('--multi', '--remove', '^79')).toMatchObject({ code: 0, stdout: '7910: removed\n' });
    expect(readdirSync(directory)).toEqual([]);
  });

  test('writes nothing that would stop the configuration, nor over a file that no package made', () => {
    const { directory, update } = place();
    const wrong = update('--add', POP.replace('nowait', 'sometimes'));
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toContain('the entry:1:');
    writeFileSync(join(directory, '7910.yaml'), '# mine\n');
    expect(update('--add', POP).stderr).toContain('that no package made');
    expect(update('--remove', '.')).toMatchObject({ code: 0, stdout: '' });
    expect(readFileSync(join(directory, '7910.yaml'), 'utf8')).toBe('# mine\n');
  });

  test('is wrong usage without an action, with two, or with what is no expression', () => {
    const { update } = place();
    expect(update()).toMatchObject({ code: 2 });
    expect(update('--add', POP, '--remove', 'x')).toMatchObject({ code: 2 });
    expect(update('--remove', '(')).toMatchObject({ code: 2 });
  });

  test('is what examples/debian/update-inetd calls', () => {
    const { directory } = place();
    const bin = scratch('bin');
    writeFileSync(
      join(bin, 'zinetd'),
      `#!/bin/sh\nexec "${process.execPath}" "${resolve('dist/main.js')}" "$@"\n`,
    );
    chmodSync(join(bin, 'zinetd'), 0o755);
    const { status } = spawnSync('examples/debian/update-inetd', ['--directory', directory, '--add', POP], {
      env: { PATH: `${bin}:/usr/bin:/bin` },
    });
    expect([status, readdirSync(directory)]).toEqual([0, ['7910.yaml']]);
  });
});
