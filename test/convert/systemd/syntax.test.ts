import { describe, expect, test } from 'vitest';
import { convertFiles, convertPair, serviceUnit, socketUnit } from './convert-text.ts';

describe('a unit file is read as systemd.syntax(7) has it (promise 6)', () => {
  test('with comments, blanks around names and values, and CRLF', () => {
    const { services, codes } = convertFiles({
      '/u/it.socket': '# a\n; b\n[Socket]\r\n  ListenStream = 7000 \r\n\tAccept =  yes\r\n',
      '/u/it@.service': '[Service]\r\nStandardInput=socket\r\nExecStart=/bin/cat',
    });
    expect(services['it']).toMatchObject({ listen: 'tcp46://[::]:7000', server: '/bin/cat' });
    expect(codes).toEqual([]);
  });

  test('a line goes on behind a backslash, with comments in between, and a blank for each of them', () => {
    const { it, codes } = convertPair({
      service: ['ExecStart=/bin/echo one\\', '# not this', '; nor this', '  two\\', 'three'],
    });
    expect(it['server_args']).toEqual(['one', 'two', 'three']);
    expect(codes).toEqual([]);
  });

  test('two backslashes at the end are one, and the next line is another', () => {
    const { it } = convertPair({ service: ['ExecStart=/bin/echo a\\\\', 'User=nobody'] });
    expect(it).toMatchObject({ server_args: ['a\\'], user: 'nobody' });
  });

  test('a place in the second line of a value is there', () => {
    const { places } = convertPair({ service: ['ExecStart=/bin/echo \\', '  %H'] });
    expect(places).toEqual(['it@.service:4:3 specifier']);
  });

  test('the last assignment counts, nothing resets a list, and a later one begins anew', () => {
    const { it } = convertPair({
      socket: [
        'ListenStream=1',
        'ListenStream=',
        'ListenStream=2',
        'ListenStream=3',
        'SendBuffer=1K',
        'SendBuffer=2K',
      ],
      service: ['Environment=A=1', 'Environment=', 'Environment=B=2 C=3', 'Nice=3', 'Nice='],
    });
    expect(it).toMatchObject({ listen: ['tcp46://[::]:2', 'tcp46://[::]:3'], send_buffer: 2048 });
    expect(it['env']).toMatchObject({ B: '2', C: '3' });
    expect(it['env']).not.toHaveProperty('A');
    expect(it).not.toHaveProperty('nice');
  });

  test('nothing resets what can be nothing, and leaves what needs a value', () => {
    const { it, places } = convertPair({
      socket: ['NoDelay=yes', 'NoDelay=', 'BindToDevice=lo', 'BindToDevice='],
      service: ['User=me', 'User=', 'UMask=027', 'UMask='],
    });
    expect(it).toMatchObject({ no_delay: true, user: 'root', umask: '027' });
    expect(it).not.toHaveProperty('bind_to_device');
    expect(places).toEqual(['it.socket:5:1 ignored', 'it@.service:7:1 ignored']);
  });

  test('what systemd ignores is ignored with a warning, and nothing else', () => {
    const { services, places } = convertFiles({
      '/u/it.socket': `Accept=no\n${socketUnit()}nonsense\n=3\n[Sockets]\nAccept=no\n[X-Mine]\nAccept=no\n`,
      '/u/it@.service': serviceUnit('Usr=me', 'X-Own=1'),
    });
    expect(Object.keys(services)).toEqual(['it']);
    expect(places).toEqual([
      'it.socket:1:1 syntax',
      'it.socket:5:1 syntax',
      'it.socket:6:1 syntax',
      'it.socket:7:1 unknown',
      'it@.service:4:1 unknown',
    ]);
  });

  test('a name that is nearly one gets its advice', () => {
    const { diagnostics } = convertPair({ socket: ['MaxConnection=3'] });
    expect(diagnostics).toMatchObject([{ code: 'systemd/unknown', help: 'did you mean "MaxConnections"?' }]);
  });

  test.each([
    ['[Service', 'section'],
    ['ExecStart=/bin/\x01', 'control-character'],
    ['ExecStart=@BINDIR@/cat', 'template'],
    ['ExecStart=/bin/\xe4', 'not-utf8'],
  ])('%j leaves the service out alone', (line, code) => {
    const isUtf8 = code !== 'not-utf8';
    const files = {
      '/u/it.socket': socketUnit(),
      '/u/it@.service': serviceUnit(line),
      '/u/other.socket': socketUnit('ListenStream=7001'),
      '/u/other@.service': serviceUnit(),
    };
    const { services, places } = convertFiles(files, { isUtf8 });
    expect(Object.keys(services)).toEqual(['other']);
    expect(places).toHaveLength(1);
    expect(places[0]).toMatch(new RegExp(`^it@\\.service:[234]:[0-9]+ ${code}$`));
  });

  test('a comment may have any bytes', () => {
    const files = { '/u/it.socket': `# \xe4\n${socketUnit()}`, '/u/it@.service': serviceUnit() };
    expect(convertFiles(files, { isUtf8: false }).codes).toEqual([]);
  });
});

describe('each line of each file is accounted for (promise 6)', () => {
  test('as what it is', () => {
    const { accounts } = convertFiles({
      '/u/it.socket': `# a\n[Unit]\nDescription=x\n\n${socketUnit()}[Install]\nWantedBy=sockets.target\n`,
      '/u/it@.service': serviceUnit(),
      '/u/lost.socket': socketUnit(),
    });
    const lines = accounts.map(({ file, line, lastLine, kind, name }) => [file, line, lastLine, kind, name]);
    expect(lines).toEqual([
      ['/u/it.socket', 1, 1, 'comment', undefined],
      ['/u/it.socket', 2, 3, 'unneeded', undefined],
      ['/u/it.socket', 4, 4, 'blank', undefined],
      ['/u/it.socket', 5, 7, 'service', 'it'],
      ['/u/it.socket', 8, 9, 'unneeded', undefined],
      ['/u/lost.socket', 1, 3, 'problem', undefined],
      ['/u/it@.service', 1, 3, 'service', 'it'],
    ]);
  });
});
