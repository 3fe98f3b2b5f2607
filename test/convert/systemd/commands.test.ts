import { describe, expect, test } from 'vitest';
import { convertPair } from './convert-text.ts';

function argsOf(line: string, ...more: readonly string[]): unknown {
  const { it, codes } = convertPair({ service: [`ExecStart=/bin/echo ${line}`, ...more] });
  return codes.length === 0 ? (it['server_args'] ?? []) : codes;
}

describe('a command line is read as systemd.service(5) has it (promise 6)', () => {
  test.each([
    ['a  b\tc', ['a', 'b', 'c']],
    ['"a b" \'c "d"\' e"f g"h', ['a b', 'c "d"', 'ef gh']],
    ['"" \'\'', ['', '']],
    ['a\\sb \\x41 \\102 \\u0043 \\U00000044 "\\"" \\\\', ['a b', 'A', 'B', 'C', 'D', '"', '\\']],
    ['\\q', ['\\q']],
    ['a;b \\; ";"', ['a;b', ';', ';']],
    ['a ;', ['a']],
    ['100%% %p %% %t/x %S %h %1', ['100%', 'it', '%', '/run/x', '/var/lib', '/root', '%1']],
    ['$$HOME a$$b', ['$HOME', 'a$b']],
  ])('%s', (line, args) => {
    expect(argsOf(line)).toEqual(args);
  });

  test.each([
    ['"a', 'command'],
    ['\\x00', 'command'],
    ['\\xff', 'command'],
    ['a ; /bin/true', 'command'],
    ['%i', 'specifier'],
    ['%n', 'specifier'],
    ['%H', 'specifier'],
    ['%m', 'specifier'],
  ])('%s is refused', (line, code) => {
    expect(argsOf(line)).toEqual([code]);
  });

  test.each([
    ['-/bin/cat', { server: '/bin/cat' }, []],
    ['@/bin/cat dog -n', { server: '/bin/cat', argv0: 'dog', server_args: ['-n'] }, []],
    ['-@/bin/cat dog', { argv0: 'dog' }, []],
    [':/bin/echo $HOME \x24{HOME} $$', { server_args: ['$HOME', '\x24{HOME}', '$$'] }, []],
    ['!!/bin/cat', { server: '/bin/cat' }, []],
    ['+/bin/cat', {}, ['not-supported']],
    ['-!/bin/cat', {}, ['not-supported']],
    ['|cat', {}, ['not-supported']],
    ['@/bin/cat', {}, ['command']],
    ['-', {}, ['command']],
  ])('ExecStart=%s', (line, expected, codes) => {
    const converted = convertPair({ service: [`ExecStart=${line}`] });
    expect(converted.it).toMatchObject(expected);
    expect(converted.codes).toEqual(codes);
  });

  test('there is one command', () => {
    const { places } = convertPair({ service: ['ExecStart=/bin/a', 'ExecStart=/bin/b'] });
    expect(places).toEqual(['it@.service:4:11 command']);
    expect(convertPair({ service: ['ExecStart=/bin/a', 'ExecStart=', 'ExecStart=/bin/b'] }).codes).toEqual(
      [],
    );
    expect(convertPair({ service: ['ExecStart='] }).codes).toEqual(['command']);
  });
});

describe('variables in a command line have their values put in (promise 6)', () => {
  const SET = 'Environment="A=x y" B=z "Q=\'1 2\' 3"';

  test.each([
    ['$A $B', ['x', 'y', 'z']],
    ['"$A"', ['x', 'y']],
    ['\x24{A} a\x24{B}c', ['x y', 'azc']],
    ['$Q', ['1 2', '3']],
    ['a$B $B.c', ['a$B', 'unset']],
  ])('%s', (line, args) => {
    if (args.includes('unset')) expect(argsOf(line, SET)).toEqual(['unset-variable']);
    else expect(argsOf(line, SET)).toEqual(args);
  });

  test('what is not set is nothing, as in systemd, with a warning', () => {
    const { it, codes } = convertPair({ service: ['ExecStart=/bin/echo $NO \x24{NONE}'] });
    expect(it['server_args']).toEqual(['']);
    expect(codes).toEqual(['unset-variable', 'unset-variable']);
  });

  test('a file goes before "Environment=", and is told of', () => {
    const files = { '/etc/a': 'A=1\nB="2 3"\n', '/etc/b': 'A=9\n' };
    const { it, codes } = convertPair(
      {
        service: [
          'Environment=A=0 C=4',
          'EnvironmentFile=/etc/a',
          'EnvironmentFile=-/etc/b',
          'EnvironmentFile=-/etc/none',
          'ExecStart=/bin/echo $A $B $C',
        ],
      },
      files,
    );
    expect(it['server_args']).toEqual(['9', '2', '3', '4']);
    expect(it['env_file']).toEqual(['/etc/a', '/etc/b']);
    expect(it['env']).not.toHaveProperty('A');
    expect(codes.toSorted()).toEqual(['environment-file', 'frozen-variable', 'frozen-variable', 'ignored']);
  });

  test.each([
    ['a file that is not there', 'EnvironmentFile=/etc/none'],
    ['what the service manager has', 'PassEnvironment=A'],
  ])('%s leaves a value unknown', (_, line) => {
    expect(argsOf('$A', line)).toEqual(['variable']);
    expect(convertPair({ service: [line] }).codes).toEqual([]);
  });
});
