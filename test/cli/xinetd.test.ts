import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Outcome, runZinetd } from './run-zinetd.ts';

const USER = userInfo().username;
let home: string;

function service(name: string, port: number, ...lines: readonly string[]): string {
  const own = ['type = UNLISTED', 'socket_type = stream', 'protocol = tcp', 'wait = no', 'server = /bin/cat'];
  const all = [...own, `user = ${USER}`, `port = ${port}`, ...lines];
  return `service ${name}\n{\n${all.map((line) => `\t${line}\n`).join('')}}\n`;
}

function write(name: string, text: string): void {
  writeFileSync(join(home, name), text.replaceAll('@HERE@', home), { mode: 0o644 });
}

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'zinetd-xinetd-'));
  mkdirSync(join(home, 'xinetd.d'));
  write(
    'xinetd.conf',
    `# ours\n\ndefaults\n{\n\tinstances = 5\n\tper_source = 2\n}\nincludedir @HERE@/xinetd.d\n`,
  );
  write('xinetd.d/a', service('a', 7911, 'flags = IPv4', 'instances = 5', 'per_source = 2'));
  write('xinetd.d/b', service('b', 7912, 'flags = IPv4', 'disable = yes'));
  write(
    'mixed.conf',
    `${service('good', 7913, 'flags = IPv4')}${service('bad', 7914, 'port=1')}${service('off', 7915, 'flags = IPv4', 'disable = yes')}${service('gone', 7916, 'server = /nonexistent/x').replace('\tserver = /bin/cat\n', '')}`,
  );
});

afterAll(() => rmSync(home, { recursive: true, force: true }));

function zinetd(...args: readonly string[]): Outcome {
  return runZinetd(args, { cwd: home });
}

describe('check --format xinetd', () => {
  test('takes a file with what it includes, a directory, or both', () => {
    for (const path of ['xinetd.conf', 'xinetd.d']) {
      expect(zinetd('check', '--format', 'xinetd', '-c', path)).toEqual({
        code: 0,
        stdout: `${path}: OK, 1 service\n`,
        stderr: '',
      });
    }
  });

  test('ends with 1 for any error, and says how many services would run all the same', () => {
    const { code, stdout, stderr } = zinetd('check', '--format', 'xinetd', '-c', 'mixed.conf');
    expect({ code, stdout }).toEqual({ code: 1, stdout: 'mixed.conf: 1 service without the errors above\n' });
    expect(stderr).toMatch(/^mixed\.conf:21:2: error\[xinetd\/syntax\]/m);
    expect(stderr).toMatch(/^mixed\.conf:\d+:\d+: error\[.*"\/nonexistent\/x"/m);
  });

  test('says once for all services what none of them says, at "defaults"', () => {
    const services = ['x', 'y', 'z'].map((name, index) => service(name, 7920 + index, 'flags = IPv4'));
    write('plain.conf', `defaults\n{\n}\n${services.join('')}`);
    const { code, stderr } = zinetd('check', '--format', 'xinetd', '-c', 'plain.conf');
    expect(code).toBe(0);
    expect(stderr.match(/^plain\.conf.*$/gm)).toEqual([
      'plain.conf:1:1: warning[config/unlimited-instances]: Nothing limits "instances" here: clients can use up the machine',
    ]);
  });

  test('says once what "defaults" says for all services', () => {
    const services = ['x', 'y'].map((name, index) => service(name, 7920 + index, 'flags = IPv4'));
    write('plain.conf', `defaults\n{\n\tinstances = 60\n}\n${services.join('')}`);
    const { stderr } = zinetd('check', '--format', 'xinetd', '-c', 'plain.conf');
    expect(stderr.match(/^plain\.conf.*$/gm)).toEqual([
      'plain.conf:3:14: warning[config/unlimited-source]: Nothing limits "per_source" here: one source can take a service away from all others',
    ]);
  });

  test('is what check advises for an xinetd.conf that is taken for one of zinetd', () => {
    const { code, stderr } = zinetd('check', '-c', 'xinetd.conf');
    expect(code).toBe(1);
    expect(stderr).toContain('help: an xinetd.conf is read with "--format xinetd"');
  });

  test('says that a file is not there', () => {
    const { code, stderr } = zinetd('check', '--format', 'xinetd', '-c', 'none');
    expect(code).toBe(1);
    expect(stderr).toContain('config/unreadable');
  });

  test('takes the usual file when none is named', () => {
    const { stdout, stderr } = zinetd('check', '--format', 'xinetd');
    expect(stdout + stderr).toContain('/etc/xinetd.conf');
  });

  test('is wrong usage with a dialect', () => {
    for (const format of [
      ['check', '--format', 'xinetd', '-c'],
      ['convert', '--from', 'xinetd'],
    ]) {
      expect(zinetd(...format, 'mixed.conf', '--dialect', 'debian')).toMatchObject({ code: 2, stdout: '' });
    }
  });
});

describe('convert --from xinetd', () => {
  test('prints a document that check takes, and that is what the files are when they run as they are', () => {
    const { code, stdout, stderr } = zinetd('convert', '--from', 'xinetd', 'xinetd.conf');
    expect(code).toBe(0);
    expect(stderr.replaceAll(home, '')).toBe(
      [
        'xinetd.conf:1: comment',
        'xinetd.conf:2: blank',
        'xinetd.conf:3-7: for the lines that follow',
        'xinetd.conf:8: for the lines that follow',
        '/xinetd.d/a:1-13: service "a"',
        '/xinetd.d/b:1-12: service "b", not enabled',
        '',
      ].join('\n'),
    );
    write('converted.yaml', stdout);
    expect(zinetd('check', '-c', 'converted.yaml')).toMatchObject({ code: 0 });
    expect(zinetd('convert', '--diff', 'xinetd.conf', 'converted.yaml')).toMatchObject({
      code: 0,
      stdout: '',
    });
  });

  test('leaves out what could not run here, and with --all has that too', () => {
    const some = zinetd('convert', '--from', 'xinetd', 'mixed.conf');
    expect(some.code).toBe(1);
    expect(some.stdout.match(/^ {2}\w+:$/gm)).toEqual(['  good:', '  off:']);
    expect(some.stderr).toContain('mixed.conf:12-22: left out: see the error above');
    const all = zinetd('convert', '--from', 'xinetd', '--all', 'mixed.conf');
    expect(all.stdout.match(/^ {2}\w+:$/gm)).toEqual(['  good:', '  gone:', '  off:']);
    expect(all.stdout).toContain('enabled: false');
  });
});

test('what xinetd.conf and inetd.conf become goes into one configuration, with a limit for all (-inetd_compat, -limit)', () => {
  write('inetd.conf', `127.0.0.1:7917 stream tcp nowait ${USER} /bin/cat cat\n`);
  write('from-xinetd.yaml', zinetd('convert', '--from', 'xinetd', 'xinetd.conf').stdout);
  write('from-inetd.yaml', zinetd('convert', '--from', 'inetd', 'inetd.conf').stdout);
  write('both.yaml', 'version: 1\nmax_processes: 500\ninclude: [from-*.yaml]\n');
  expect(zinetd('check', '-c', 'both.yaml')).toMatchObject({
    code: 0,
    stdout: 'both.yaml: OK, 2 services\n',
  });
  expect(zinetd('check', '-c', 'both.yaml', '--print').stdout).toMatch(/^max_processes: 500$/m);
});

test.each([
  ...[
    '-d',
    '-syslog daemon',
    '-filelog /x',
    '-f mixed.conf',
    '-pidfile /x',
    '-dontfork',
    '-stayalive',
    '-limit 3',
  ],
  ...['-logprocs 3', '-version', '-cc 10', '-inetd_compat', '-inetd_ipv6', '-reuse', '-shutdownprocs 3'],
])('an option of xinetd is wrong usage, and never taken for another one: %s', (option) => {
  const given = option.split(' ');
  expect(zinetd('run', '--format', 'xinetd', ...given)).toMatchObject({ code: 2, stdout: '' });
});

test('explain --format xinetd explains a service of the files', () => {
  const { code, stdout } = zinetd(
    'explain',
    'a',
    '--from',
    '192.0.2.1',
    '--format',
    'xinetd',
    '-c',
    'xinetd.d',
  );
  expect(code).toBe(0);
  expect(stdout).toContain('admitted');
});
