import { describe, expect, test } from 'vitest';
import type { Host } from '../../../src/config/host.ts';
import { type LoadResult, loadConfig } from '../../../src/config/load.ts';
import { printDocument } from '../../../src/config/print-document.ts';
import type { DialectName } from '../../../src/convert/inetd/dialect.ts';
import { fakeHost } from '../../config/fake-host.ts';
import { convertText } from './convert-text.ts';

const ANYBODY = { ...fakeHost(), findPort: (name: string) => 2000 + name.length };

function load(text: string, dialect?: DialectName, host: Host = ANYBODY): LoadResult {
  const { root, accounts, diagnostics } = convertText(text, dialect);
  const format = (
    _: readonly string[],
    { report }: Parameters<Extract<Parameters<typeof loadConfig>[0], { format: unknown }>['format']>[1],
  ) => {
    for (const { code, message, span } of diagnostics) report.add({ code, message, at: { file: span.file } });
    return { root, accounts };
  };
  return loadConfig({ paths: ['inetd.conf'], format }, host);
}

function names({ config }: LoadResult): readonly string[] | undefined {
  return config?.services.map(({ name }) => name);
}

function places({ diagnostics }: LoadResult): readonly string[] {
  return diagnostics.map(({ span, code }) => `${span.range?.line}:${span.range?.column} ${code}`);
}

const X = 'x stream tcp4 nowait me /bin/cat cat';

describe('a service that cannot run', () => {
  test.each([
    ['yy stream tcp4 nowait stranger /bin/cat cat', '2:23 config/unknown-user'],
    ['yy stream tcp4 nowait me:strangers /bin/cat cat', '2:26 config/unknown-group'],
    ['yy stream tcp4 nowait me /nonexistent/y y', '2:26 config/unreadable'],
    ['y stream tcp4 nowait me bin/cat y', '2:25 config/server-path'],
    ['99999 stream tcp4 nowait me /bin/cat y', '2:1 config/invalid-value'],
    ['unknown.host:79 stream tcp nowait me /bin/cat y', '2:1 config/unknown-host'],
    ['nobody/1 stream rpc/tcp nowait me /bin/cat cat', '2:1 config/unknown-rpc-program'],
    ['/run/y stream unix nowait toor /bin/cat y', '2:27 config/root-by-another-name'],
    [`y stream tcp4 nowait me /bin/cat ${'a '.repeat(1050)}`, '2:36 config/invalid-value'],
    ['y stream tcp4,rcvbuf=0999 nowait me /bin/cat y', 'undefined:undefined inetd/protocol'],
    ['*:2001 stream tcp4 nowait me /bin/cat y', '2:1 config/duplicate-listener'],
  ])('is left out alone, with its place in the inetd.conf: %s', (line, place) => {
    const result = load(
      `${X}\n${line}\nz stream tcp4 nowait.7 me /bin/cat cat -n\n`.replace('\nz ', '\nzzz '),
      'debian',
    );
    expect(names(result)).toEqual(['x', 'zzz']);
    expect(places(result).filter((each) => !each.endsWith('inetd/arguments'))).toEqual([place]);
  });

  test('in a native file refuses all of it', () => {
    const { root } = convertText(`${X}\ny stream tcp4 nowait stranger /bin/cat cat\n`, 'debian');
    const text = root ? printDocument(root) : '';
    expect(loadConfig({ name: 'x.yaml', text }, ANYBODY).config).toBeUndefined();
  });

  test('frees its address for a later one', () => {
    const result = load(
      'x stream tcp4 nowait stranger /bin/cat cat\n2001 stream tcp4 nowait me /bin/cat cat\n',
      'debian',
    );
    expect(names(result)).toEqual(['2001']);
  });

  test('leaves nothing when it is the only one', () => {
    expect(load('y stream tcp4 nowait stranger /bin/cat cat\n', 'debian').config).toBeUndefined();
  });

  test('is told of each service that has the same fault', () => {
    const result = load(
      `${X}\naaa stream tcp4 nowait zz /bin/cat cat\nbb stream tcp4 nowait zz /bin/cat cat\n`,
      'debian',
    );
    expect(names(result)).toEqual(['x']);
    expect(places(result)).toEqual(['2:24 config/unknown-user', '3:23 config/unknown-user']);
  });
});

describe('a converted file', () => {
  const CASES: readonly (readonly [DialectName | undefined, string])[] = [
    [
      undefined,
      `${X}\nyy dgram udp4 wait nobody /usr/bin/env env A=1 cat\n3142 stream tcp4 nowait me /bin/cat cat -n\n`,
    ],
    [
      'freebsd',
      'x stream tcp nowait/3/10/2 me:ftp /bin/cat cat "a b" yes 0x10 1e3 ~\n:me:ftp:600:/run/y stream unix nowait me /bin/cat cat\n',
    ],
    [
      'freebsd',
      'auth stream tcp nowait root internal auth -r -n -o UNKNOWN -t 30\nechos stream tcp46 nowait/0 me /bin/cat cat\n',
    ],
    [
      'netbsd',
      '127.0.0.1:\n79 on protocol = tcp, wait = no, user = me, exec = /bin/cat, args = cat "\\t\\"x", ip_max = 3;\nyy off protocol = udp4, wait = yes, user = me, exec = /bin/cat, args = cat;\n',
    ],
    [
      'netbsd',
      'x stream tcp wait:0 me /bin/cat cat\nyy stream tcp nowait:0 me /bin/cat cat\nzzz stream,4 tcp,rcvbuf=64k nowait:9 me /bin/cat cat\n',
    ],
    [
      'debian',
      '*:\nx stream tcp nowait.9 me /bin/cat cat\nyy stream tcp nowait me /usr/sbin/tcpd /bin/cat -n\necho dgram udp wait root internal\n',
    ],
    [
      'debian',
      'localhost:x stream tcp nowait me /bin/cat cat\n/run/yy dgram unix wait me /bin/cat cat\ntcpmux/+Date stream tcp nowait me /bin/date date\ntcpmux stream tcp nowait root internal\n',
    ],
    [
      'gnu',
      'x stream tcp6 nowait me /bin/cat cat\nyyy stream tcp4 nowait me /bin/cat cat\ntcpmux/a stream tcp nowait me /bin/cat cat\n',
    ],
    ['openbsd', 'x stream tcp nowait me /bin/cat cat\n127.0.0.1,::1:yy dgram udp nowait me /bin/cat cat\n'],
    ['aix', 'rstatd sunrpc_udp udp wait root /bin/cat rstatd 100001 1-3\n'],
  ];

  test.each(CASES)('loads to what it is when it runs as it is (%s, %#)', (dialect, text) => {
    const direct = load(text, dialect);
    expect(direct.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    const yaml = direct.foreign?.root ? printDocument(direct.foreign.root) : '';
    const converted = loadConfig({ name: 'x.yaml', text: yaml }, ANYBODY);
    expect(converted.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    const services = (result: LoadResult): unknown =>
      JSON.parse(JSON.stringify(result.config?.services).replaceAll('"inetd.conf"', '"x.yaml"'));
    expect(services(converted)).toEqual(services(direct));
    expect(converted.config?.needsResolver).toBe(direct.config?.needsResolver);
    expect(converted.config?.daemon).toEqual(direct.config?.daemon);
  });

  test('keeps the order of its services, also of those that are numbers', () => {
    const { root } = convertText(
      'b stream tcp4 nowait me /bin/cat cat\n79 stream tcp4 nowait me /bin/cat cat\n',
      'debian',
    );
    expect(root ? printDocument(root).match(/^ {2}\S+:$/gm) : []).toEqual(['  b:', '  "79":']);
  });
});
