import { describe, expect, test } from 'vitest';
import { type LoadResult, loadConfig } from '../../../src/config/load.ts';
import { fakeHost } from '../../config/fake-host.ts';
import { convertText, defaults, service } from './convert-text.ts';

/** What a service must not run without, or with, and what xinetd disables it for. */
const GARBAGE: Readonly<Record<string, readonly string[]>> = {
  type: ['NONSENSE', 'UNLISTED NONSENSE', ''],
  flags: ['NONSENSE', 'IPv4 NONSENSE', ''],
  disable: ['maybe', '1'],
  socket_type: ['garbage', 'tcp'],
  protocol: ['garbage', 'tcp9'],
  wait: ['garbage', 'true'],
  user: ['stranger', '99999999999', '-1'],
  group: ['strangers', '99999999999'],
  groups: ['garbage', '1'],
  umask: ['garbage', '9', '1000', '-1'],
  server: ['/nonexistent/x', 'cat', '/etc'],
  server_args: [''],
  env: ['NOTHING'],
  port: ['garbage', '65536', '-1', '1x'],
  bind: ['300.1.2.3', '1.2.3.4.5', 'no.such.host.invalid'],
  v6only: ['garbage', '2'],
  instances: ['garbage', '-1', '5x', '99999999999'],
  per_source: ['garbage', '-1', '5x'],
  cps: ['a 10', '10 a'],
  max_load: ['garbage', '0'],
  only_from: ['10.0.0.1,10.0.0.2', '10.0.0.{1', '10..1'],
  no_access: ['10.0.0.1,10.0.0.2', '10.0.0.{1', '10..1'],
  access_times: ['8-18', '08:00-24:00', '18:00-08:00', 'always', ''],
  log_type: ['NOWHERE x', 'SYSLOG nobody', 'SYSLOG daemon loud', 'FILE', 'FILE /l 2k 1k', ''],
  log_on_success: ['NONSENSE', 'PID NONSENSE', 'ATTEMPT'],
  log_on_failure: ['NONSENSE', 'PID'],
  nice: ['garbage', '1x'],
  rlimit_as: ['garbage', '1G', '-1'],
  rlimit_cpu: ['garbage', '1s'],
  rlimit_data: ['garbage', '1x'],
  rlimit_files: ['garbage'],
  rlimit_rss: ['garbage'],
  rlimit_stack: ['garbage'],
  redirect: ['127.0.0.1 99999', 'no.such.host.invalid 80', '127.0.0.1 nobody-knows'],
  deny_time: ['garbage'],
};

/** In `defaults` too, where xinetd ends. */
const IN_DEFAULTS = [
  'groups',
  'umask',
  'v6only',
  'instances',
  'per_source',
  'cps',
  'max_load',
  'only_from',
].concat(['no_access', 'log_type', 'log_on_success', 'log_on_failure']);

function load(text: string): LoadResult {
  const converted = convertText(text);
  const host = {
    ...fakeHost(),
    findPort: (name: string) => (name === 'nobody-knows' ? undefined : 2000 + name.length),
  };
  return loadConfig(
    {
      paths: ['xinetd.conf'],
      format: (_, { report }) => {
        for (const { code, message, span, severity } of converted.diagnostics) {
          if (severity === 'error')
            report.add({ code, message: `${span.range?.line}: ${message}`, at: { file: span.file } });
        }
        return converted;
      },
    },
    host,
  );
}

function names({ config }: LoadResult): readonly string[] | undefined {
  return config?.services.map(({ name }) => name);
}

/** The lines that errors stand in. */
function lines({ diagnostics }: LoadResult): readonly string[] {
  return diagnostics
    .filter(({ severity }) => severity === 'error')
    .map(({ span, message }) => `${span.range?.line ?? /^\d+/.exec(message)?.[0]}`);
}

const GOOD = ['user = me', 'server = /bin/cat', 'flags = IPv4'];

describe('garbage in one attribute (S53)', () => {
  const all = Object.entries(GARBAGE).flatMap(([name, values]) =>
    values.map((value) => [name, value] as const),
  );

  test('is none, to begin with', () => {
    const result = load(`${service('x', ...GOOD)}${service('yy', ...GOOD)}`);
    expect([names(result), lines(result)]).toEqual([['x', 'yy'], []]);
  });

  test.each(all)(
    '"%s = %s": the service does not run, the line is named, and the other service runs',
    (name, value) => {
      const own = GOOD.filter((line) => !line.startsWith(`${name} `));
      const text = `${service('x', ...own, `${name} = ${value}`)}${service('yy', ...GOOD)}`;
      const line = text.split('\n').findIndex((each) => each.trim() === `${name} = ${value}`.trim()) + 1;
      const result = load(text);
      expect(names(result)).toEqual(['yy']);
      expect(lines(result)).toContain(`${line}`);
    },
  );

  test.each(all.filter(([name]) => IN_DEFAULTS.includes(name)))(
    '"%s = %s" in defaults: nothing runs, and the line is named',
    (name, value) => {
      const empty = value === '' ? [] : [`${name} = ${value}`];
      const own = name === 'log_type' && value === '' ? ['log_type ='] : empty;
      const result = load(`${defaults(...own)}${service('yy', ...GOOD)}`);
      expect(names(result)).toBeUndefined();
      expect(lines(result)).toContain('3');
    },
  );

  test.each(['socket_type', 'wait', 'user', 'server', 'port'])(
    '"%s" is missing: the service does not run',
    (name) => {
      const without = service('x', ...GOOD).replace(new RegExp(`^\\t${name} .*\\n`, 'm'), '');
      const text = name === 'socket_type' ? without.replace(/^\tprotocol .*\n/m, '') : without;
      const result = load(`${text}${service('yy', ...GOOD)}`);
      expect(names(result)).toEqual(['yy']);
    },
  );
});
