import { describe, expect, test } from 'vitest';
import type { LogDestination } from '../../src/model/log-policy.ts';
import { codes, loadText, oneService } from './load-text.ts';

function destinationOf(log_type: unknown): LogDestination | undefined {
  const { config, diagnostics } = loadText(oneService({ log_type }));
  expect(diagnostics).toEqual([]);
  const index = config?.services[0]?.log.destination;
  return index === undefined ? undefined : config?.logs[index];
}

function problemOf(log_type: unknown): string {
  const { config, diagnostics } = loadText(oneService({ log_type }));
  expect(config).toBeUndefined();
  return diagnostics.map(({ message, help }) => `${message}${help ? ` (${help})` : ''}`).join('\n');
}

/** A configuration of two services with their own `log_type`. */
function twoServices(...types: readonly unknown[]): string {
  const services = types.map((log_type, index) => [
    `s${index}`,
    { listen: `tcp://127.0.0.1:${7000 + index}`, server: '/bin/true', user: 'nobody', log_type },
  ]);
  return JSON.stringify({ version: 1, services: Object.fromEntries(services) }, null, 1);
}

describe('log_type', () => {
  test('is standard output unless it is written', () => {
    expect(destinationOf('stdout')).toMatchObject({ kind: 'stdout' });
    expect(loadText(oneService({})).config?.services[0]?.log.destination).toBe(0);
    expect(destinationOf('none')).toBeUndefined();
  });

  test('names a file with limits and a mode', () => {
    expect(destinationOf({ file: '/usr/a', soft: '1m', hard: '2m' })).toMatchObject({
      ...{ kind: 'file', path: '/usr/a', softBytes: 1_048_576, hardBytes: 2_097_152 },
    });
    const { config } = loadText(oneService({ log_type: { file: '/usr/a', mode: '0644' } }));
    expect(config?.outlets).toEqual([{ kind: 'file', path: '/usr/a', mode: 0o644 }]);
    const { config: plain } = loadText(oneService({ log_type: { file: '/usr/a' } }));
    expect(plain?.outlets).toMatchObject([{ mode: 0o640 }]);
  });

  test('names a facility and a level of syslog(3), and /dev/log unless there is another server', () => {
    expect(destinationOf({ syslog: 'daemon' })).toMatchObject({
      ...{ kind: 'syslog', transport: 'datagram', to: 'unix-dgram:///dev/log', isLocal: true },
      ...{ form: 'rfc3164', facility: 3, severity: undefined, tag: 'zinetd' },
    });
    const remote = { syslog: 'local7', level: 'notice', to: 'tcp://localhost:601', tag: 'xinetd' };
    expect(destinationOf(remote)).toMatchObject({
      ...{ transport: 'stream', to: 'tcp://localhost:601', server: 'tcp://127.0.0.1:601', isLocal: false },
      ...{ form: 'rfc5424', facility: 23, severity: 5, tag: 'xinetd' },
    });
    expect(destinationOf({ syslog: 'auth', to: 'udp://[::1]:514', format: 'rfc3164' })).toMatchObject({
      ...{ transport: 'datagram', form: 'rfc3164', facility: 4 },
    });
    expect(destinationOf({ syslog: 'auth', to: 'unix:///run/log' })).toMatchObject({ transport: 'stream' });
  });

  test('is one target: two are an error that says so (S120)', () => {
    expect(problemOf({ file: '/usr/a', syslog: 'daemon' })).toBe(
      'Cannot use "daemon" for "log_type.syslog" in service "s": must not be beside "file": records of a service go to one target',
    );
    expect(problemOf([{ file: '/usr/a' }, { syslog: 'daemon' }])).toContain(
      'must be one of "stdout", "none", {file} and {syslog}',
    );
  });

  test.each([
    [{ syslog: 'deamon' }, 'Cannot use "deamon" as the facility of records', 'did you mean "daemon"?'],
    [{ syslog: 'kern' }, 'syslog(3) has no such facility for programs', 'known are user, mail, daemon'],
    [{ syslog: 'daemon', level: 'warn' }, 'Cannot use "warn" as the level of records', 'warning'],
    [{ syslog: 'daemon', to: 'udp://*:514' }, 'Cannot log to "udp://*:514": must name one host', ''],
    [{ syslog: 'daemon', to: 'udp://localhost:0' }, 'the port must be 1 to 65535', ''],
    [{ syslog: 'daemon', to: 'vsock://1:514' }, 'must be unix-dgram, unix, udp or tcp', ''],
    [{ syslog: 'daemon', to: 'tcp://nowhere:514' }, 'Cannot find an address of "nowhere" to log to', ''],
    [{ syslog: 'daemon', to: 'tcp://localhost:no-port' }, 'Cannot find port "no-port"', ''],
    [{ syslog: 'daemon', tag: 'a b' }, 'must be 1 to 32 visible characters', ''],
    [{ file: 'usr/a' }, 'must be an absolute path', ''],
    [{ file: '/no-such/a' }, 'Cannot log to "/no-such/a": "/no-such" does not exist', ''],
    [{ file: '/usr/a', mode: '999' }, 'must be octal text', ''],
    [{ file: '/usr/a', soft: 'unlimited' }, 'must be a number of bytes or a size', ''],
    [{ file: '/usr/a', hard: '1m' }, 'Cannot use "log_type.hard" alone', 'write "soft" as well'],
    [
      { file: '/usr/a', soft: 2048, hard: '1k' },
      'Cannot use "log_type.hard": 1024 bytes are less than the 2048 of "soft"',
      'write a larger "hard"',
    ],
  ])('%j is refused', (log_type, message, help) => {
    expect(problemOf(log_type)).toContain(message);
    expect(problemOf(log_type)).toContain(help);
  });

  test('points at the word that is wrong', () => {
    const text =
      'version: 1\nservices:\n  s:\n    listen: tcp://127.0.0.1:0\n    server: /bin/true\n    user: nobody\n';
    const { diagnostics } = loadText(`${text}    log_type:\n      syslog: daemon\n      level: loud\n`);
    expect(diagnostics).toMatchObject([
      { code: 'config/unknown-syslog-name', span: { range: { line: 9, column: 14 } } },
    ]);
  });

  test('lets services share a file, as one destination, if its limits are the same', () => {
    const shared = { file: '/usr/a', soft: '1m' };
    const { config } = loadText(twoServices(shared, shared));
    expect(config?.logs).toHaveLength(2);
    expect(config?.services.map(({ log }) => log.destination)).toEqual([1, 1]);
  });

  test.each([
    ['soft limits', { soft: '2m' }],
    ['modes', { soft: '1m', mode: '0600' }],
  ])('does not let services share a file with different %s (S120)', (_, other) => {
    const result = loadText(twoServices({ file: '/usr/a', soft: '1m' }, { file: '/usr/a', ...other }));
    expect(codes(result)).toEqual(['config/log-file-shared']);
    expect(result.diagnostics[0]?.message).toBe(
      'Cannot log to "/usr/a": another service has other limits or another mode for it',
    );
    expect(result.diagnostics[0]?.related).toHaveLength(1);
  });
});
