import { mkdirSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { job } from '../convert/launchd/convert-text.ts';
import { scratch } from '../harness/scratch.ts';
import { type Outcome, runZinetd } from './run-zinetd.ts';

const USER = userInfo().username;

/** What each format is called, and a file of it with one service that could run and one that is off. */
const FORMATS = [
  {
    format: 'rlinetd',
    file: 'rlinetd.conf',
    accounts: [
      '1: service "good"',
      '2: service "off", not enabled',
      '3: comment',
      '4: left out: see the error above',
    ],
    disabled: 'off',
    errorLine: 4,
  },
  {
    format: 'launchd',
    file: 'LaunchDaemons',
    accounts: [
      '1-6: left out: see the error above',
      '1-6: service "good"',
      '1-6: service "off", not enabled',
    ],
    disabled: 'off',
    errorLine: 5,
  },
] as const;

const SERVICE = `user "${USER}"; interface 127.0.0.1; exec "/bin/cat";`;
const RLINETD = [
  `service "good" { port 7951; ${SERVICE} }`,
  `service "off" { port 7952; ${SERVICE} enabled no; }`,
  '# nothing',
  `service "bad" { port 7953; ${SERVICE} nice x; }`,
];

function plist(label: string, more: object = {}): string {
  const Sockets = { a: { SockNodeName: '127.0.0.1', SockServiceName: '7951' } };
  const text = job({ Label: label, UserName: USER, Sockets, ...more });
  const [first = '', second = '', third = '', ...rest] = text.trimEnd().split('\n');
  return `${[first, second, third, rest.slice(0, -2).join(''), ...rest.slice(-2)].join('\n')}\n`;
}

describe.each(FORMATS)('$format', ({ format, file, accounts, disabled, errorLine }) => {
  let home: string;

  beforeAll(() => {
    home = scratch(format);
    const write = (name: string, text: string): void =>
      writeFileSync(join(home, name), text, { mode: 0o644 });
    if (format === 'rlinetd') write(file, `${RLINETD.join('\n')}\n`);
    else {
      mkdirSync(join(home, file));
      write(join(file, 'bad.plist'), plist('bad', { Nice: 'x' }));
      write(join(file, 'good.plist'), plist('good'));
      write(join(file, 'off.plist'), plist('off', { Disabled: true }));
    }
  });

  function zinetd(...args: readonly string[]): Outcome {
    return runZinetd(args, { cwd: home });
  }

  test('convert says what became of each line, and prints what check has nothing against (promise 6)', () => {
    const { code, stdout, stderr } = zinetd('convert', '--from', format, file);
    const told = stderr.split('\n').filter((line) => /^\S+:[\d-]+: (?!error|warning)/.test(line));
    expect(code).toBe(1);
    expect(told.map((line) => line.replace(/^\S+?:(?=[\d-]+:)/, ''))).toEqual(accounts);
    expect(stdout).toContain('good:');
    expect(stdout).toMatch(new RegExp(`${disabled}:\\n    enabled: false`));
    writeFileSync(join(home, 'native.yaml'), stdout, { mode: 0o644 });
    const check = zinetd('check', '-c', 'native.yaml');
    expect({ code: check.code, stdout: check.stdout }, check.stderr).toEqual({
      code: 0,
      stdout: 'native.yaml: OK, 1 service\n',
    });
  });

  test('check shows the error at its place, and that the others would run', () => {
    const { code, stdout, stderr } = zinetd('check', '--format', format, '-c', file);
    expect({ code, stdout }).toEqual({ code: 1, stdout: `${file}: 1 service without the errors above\n` });
    expect(stderr).toMatch(new RegExp(`:${errorLine}:\\d+: error\\[${format}/`));
  });

  test('check without a format says which one it is', () => {
    const native = format === 'rlinetd' ? file : join(file, 'good.plist');
    expect(zinetd('check', '-c', native).stderr).toContain(`read with "--format ${format}"`);
  });

  test('what is not there is told by its name', () => {
    mkdirSync(join(home, 'empty'), { recursive: true });
    const { code, stderr } = zinetd('check', '--format', format, '-c', 'empty');
    expect(code).toBe(1);
    expect(stderr).toMatch(new RegExp(`^empty: error\\[${format}/no-services\\]`, 'm'));
  });
});
