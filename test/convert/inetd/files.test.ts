import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { newBudget } from '../../../src/config/budget.ts';
import type { LineAccount } from '../../../src/config/foreign-format.ts';
import { Report } from '../../../src/config/report.ts';
import { readInetd } from '../../../src/convert/inetd/read-inetd.ts';
import { convertText } from './convert-text.ts';

const X = 'x stream tcp4 nowait me /bin/x x';

/** `what of line` of each account, blank lines and comments left out. */
function book(accounts: readonly LineAccount[]): readonly string[] {
  return accounts
    .filter(({ kind }) => kind !== 'blank' && kind !== 'comment')
    .map(({ kind, line, lastLine, name }) =>
      `${line}${lastLine > line ? `-${lastLine}` : ''} ${kind} ${name ?? ''}`.trim(),
    );
}

describe('names of services', () => {
  test('are those of the ports, with the protocol or a number behind the second', () => {
    const text = `a stream tcp4 nowait me /bin/x x\na dgram udp4 wait me /bin/x x\n127.0.0.1:a stream tcp nowait me /bin/x x -1\n[::1]:a stream tcp6 nowait me /bin/x x -2\n`;
    const { services } = convertText(text, 'debian');
    expect(Object.keys(services)).toEqual(['a', 'a-udp', 'a-tcp', 'a-tcp6']);
    const again = convertText(`${text}127.0.0.2:a stream tcp4 nowait me /bin/x x -3\n`, 'debian');
    expect(Object.keys(again.services).at(-1)).toBe('a-2');
  });

  test('are made of what a name can have', () => {
    const long = 'n'.repeat(100);
    const text =
      `/run/.x y stream unix nowait me /bin/x x\n`.replace(' y', '') +
      `/run/ä stream unix nowait me /bin/x x\n${long} stream tcp4 nowait me /bin/x x\ntoString stream tcp4 nowait me /bin/x x\n`;
    const names = Object.keys(convertText(text, 'debian').services);
    expect(names).toEqual(['x', 'service', 'n'.repeat(48), 'toString-tcp']);
  });
});

describe('a service defined twice', () => {
  test('is refused, and points at the first, where inetd would take the last', () => {
    const { places, diagnostics, services } = convertText(`${X}\nx stream tcp4 nowait me /bin/y y\n`);
    expect(places).toEqual(['2:1 inetd/duplicate']);
    expect(diagnostics[0]?.related[0]?.span.range?.line).toBe(1);
    expect(services).toMatchObject({ x: { server: '/bin/x' } });
  });
});

describe('what is no service', () => {
  test('is accounted for line by line, entries that are commented out by their names', () => {
    const text = [
      '# Internet server configuration; see "stream tcp" below',
      '#:INTERNAL: Internal services',
      '#echo stream tcp nowait root internal',
      '## ftp  stream tcp nowait root /usr/sbin/tcpd in.ftpd',
      '#<off># talk\tdgram udp wait nobody.tty /usr/sbin/in.talkd in.talkd',
      '#<off>#uucp stream tcp nowait root /usr/sbin/in.uucpd in.uucpd',
      '#typo stream tcp waut root /bin/x x',
      '',
      '*:',
      X,
      '  more',
      'broken stream',
    ].join('\n');
    const { accounts } = convertText(text, 'debian');
    expect(book(accounts)).toEqual([
      '3 disabled echo',
      '4 disabled ftp',
      '5 disabled talk',
      '6 disabled uucp',
      '9 directive',
      '10-11 service x',
      '12 problem',
    ]);
    const lines = accounts.flatMap(({ line, lastLine }) =>
      Array.from({ length: lastLine - line + 1 }, (_, n) => line + n),
    );
    expect(lines).toEqual(Array.from({ length: 12 }, (_, index) => index + 1));
  });

  test.each([
    ['', 'the file has none'],
    ['# nothing\n\n', 'the file has none'],
    ['#a stream tcp nowait root internal\n#b dgram udp wait root internal\n', '2 are commented out'],
    ['a off protocol = tcp4, wait = no, user = me, exec = /x, args = x;', 'the file has none'],
  ])('leaves no active service, which is an error: %j', (text, reason) => {
    const { diagnostics } = convertText(text, text.includes(' off ') ? 'netbsd' : undefined);
    expect(diagnostics.map(({ code, message }) => [code, message])).toEqual([
      ['inetd/no-services', `Cannot find an active service: ${reason}`],
    ]);
  });

  test.each([
    ['[daemon]\nuser = root\nport = 79\n'],
    ['finger 79 tcp nobody\nftp 21 tcp root\n'],
    ['service ftp\n{\n\tsocket_type = stream\n}\n'],
    ['{"services": {}}\n'],
    ['\0\0\0\u0001'],
  ])('can be no inetd.conf at all, and is refused once: %j', (text) => {
    const { places, diagnostics } = convertText(text);
    expect(diagnostics).toHaveLength(1);
    expect(places[0]).toMatch(/^1:1 inetd\/not-inetd$/);
  });
});

describe('text that cannot be meant', () => {
  test.each([
    ['@sbindir@/x', '@sbindir@'],
    ['__PREFIX__/sbin/x', '__PREFIX__'],
  ])('%s is of a template, which is named', (server, token) => {
    const { diagnostics } = convertText(`x stream tcp4 nowait me ${server} x\n`);
    expect(
      diagnostics.map(({ code, message, span }) => [
        code,
        message.includes(`"${token}"`),
        span.range?.column,
      ]),
    ).toEqual([['inetd/template', true, 25], ...[]]);
  });

  test('with control characters is refused, and so is what is not UTF-8, but not in comments', () => {
    expect(convertText(`${X}\0\n# \0\ny stream tcp4 nowait me /bin/y y\n`).places).toEqual([
      '1:32 inetd/control-character',
    ]);
    const { places, services } = convertText(
      `# \u00fc\n${X} \u00fc\ny stream tcp4 nowait me /bin/y y\n`,
      undefined,
      false,
    );
    expect(places).toEqual(['2:34 inetd/not-utf8']);
    expect(Object.keys(services)).toEqual(['y']);
  });

  test('has carriage returns, which are taken off with a warning', () => {
    const { places, services } = convertText(`${X}\r\n`);
    expect(places).toEqual(['1:33 inetd/crlf']);
    expect(services).toMatchObject({ x: { argv0: 'x' } });
  });

  test('has a quote that nothing closes', () => {
    expect(convertText(`${X} "a\n`, 'freebsd').places).toEqual(['1:34 inetd/syntax']);
  });
});

describe('several files', () => {
  const home = mkdtempSync(join(inject('testHome'), 'inetd-'));

  function write(files: Readonly<Record<string, string | Buffer>>): string {
    const directory = mkdtempSync(join(home, 'case-'));
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(join(directory, name, '..'), { recursive: true });
      writeFileSync(join(directory, name), text, { mode: 0o644 });
    }
    return directory;
  }

  function read(paths: readonly string[]): { services: readonly string[]; places: readonly string[] } {
    const report = new Report({ leavesOut: true });
    const ownerUid = process.getuid?.() ?? 0;
    const { root } = readInetd(paths, { report, ownerUid, budget: newBudget(), dialect: undefined });
    const services = root?.entries.get('services')?.value;
    return {
      services: services?.kind === 'map' ? [...services.entries.keys()] : [],
      places: report
        .diagnostics()
        .map(({ span, code }) => `${span.file.slice(home.length + 12)}:${span.range?.line} ${code}`),
    };
  }

  function entry(name: string): string {
    return `${name} stream tcp4 nowait me /bin/x x\n`;
  }

  test('and directories of files are read in their order, leftovers of editors left out (S103)', () => {
    const directory = write({
      'inetd.conf': entry('a'),
      'inetd.d/z': entry('b'),
      'inetd.d/c': entry('c'),
      'inetd.d/c~': entry('d'),
      'inetd.d/.c.swp': entry('e'),
      'inetd.d/c.dpkg-old': entry('f'),
    });
    const paths = [join(directory, 'inetd.conf'), join(directory, 'inetd.d')];
    expect(read(paths)).toEqual({ services: ['a', 'c', 'b'], places: [] });
  });

  test('that cannot be read or trusted are diagnostics, and the others stay', () => {
    const directory = write({ a: entry('a'), b: entry('b') });
    writeFileSync(join(directory, 'c'), entry('c'));
    chmodSync(join(directory, 'c'), 0o666);
    const { services, places } = read(['a', 'none', 'c', 'b'].map((name) => join(directory, name)));
    expect(services).toEqual(['a', 'b']);
    expect(places).toEqual(['/c:undefined config/untrusted-path', '/none:undefined config/unreadable']);
  });

  test('are included by netbsd, with the addresses so far, each once', () => {
    const directory = write({
      'inetd.conf': `127.0.0.1:\n.include conf.d/*.conf\n${entry('a')}.include conf.d/b.conf\n.include\n.exclude x\n`,
      'conf.d/b.conf': `${entry('b')}::1:\n.include ../inetd.conf\n`,
      'conf.d/c.conf': entry('c'),
      'conf.d/d': entry('d'),
    });
    const { services, places } = read([join(directory, 'inetd.conf')]);
    expect(services).toEqual(['b', 'c', 'a']);
    expect(places).toEqual([
      '/conf.d/b.conf:3 config/include',
      '/inetd.conf:4 config/include',
      '/inetd.conf:5 inetd/directive',
      '/inetd.conf:6 inetd/directive',
    ]);
  });

  test('do not include each other without end', () => {
    const chain = Array.from({ length: 40 }, (_, index): [string, string] => [
      `${index}`,
      `.include ${index + 1}\n${entry(`s${index}`)}`,
    ]);
    const { services, places } = read([join(write(Object.fromEntries(chain)), '0')]);
    expect(services).toHaveLength(33);
    expect(places).toEqual(['/32:1 inetd/directive']);
  });

  test('may be in another encoding, as long as no entry is', () => {
    const directory = write({ a: Buffer.from(`# gr\xfc\xdfe\n${entry('a')}`, 'latin1') });
    expect(read([join(directory, 'a')])).toEqual({ services: ['a'], places: [] });
  });

  test('count into one budget', () => {
    const directory = write({ a: `x stream tcp4 nowait me /bin/x${' y'.repeat(900)}\n`.repeat(60) });
    expect(read([join(directory, 'a')])).toMatchObject({
      services: [],
      places: expect.arrayContaining(['/a:56 config/too-many-nodes']),
    });
  });
});
