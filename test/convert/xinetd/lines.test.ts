import { describe, expect, test } from 'vitest';
import { convertText, defaults, readEntries, service } from './convert-text.ts';

/** Attributes of the only service of a text. */
function attributesOf(text: string): Readonly<Record<string, string>> | undefined {
  return readEntries(text)?.[0]?.attributes;
}

describe('a line of a block', () => {
  test('is a name, an operator and values between blanks; quotes and "#" are nothing special', () => {
    const text = 'service x\n{\n\tserver_args\t = "a b" \'c\' $(IFS);  d=e\n env =A=1 B="x\n}\n';
    expect(attributesOf(text)).toEqual({ server_args: '"a b" \'c\' $(IFS); d=e', env: 'A=1 B="x' });
  });

  test('has its name and keywords in any case', () => {
    expect(attributesOf('SERVICE x\n{\nFLAGS = IPv6\n}\n')).toEqual({ flags: 'IPv6' });
    const text = `DEFAULTS\n{\nInstances = 5\n}\nService x\n{\n}\n`;
    expect(attributesOf(text)).toEqual({ instances: '5 (defaults)' });
  });

  test('may be a comment with blanks before it, and blank', () => {
    expect(attributesOf('service x\n \t# {\n\n{\n  # port = 1\n \t\n port = 2\n}\n')).toEqual({ port: '2' });
  });

  test('may be the last one without a line break', () => {
    expect(attributesOf('service x\n{\n port = 2\n}')).toEqual({ port: '2' });
  });

  test.each([
    ['flags=IPv4', '3:1'],
    ['flags+=IPv4', '3:1'],
    ['flags -IPv4', '3:7'],
    ['flags IPv4', '3:7'],
    ['flags', '3:1'],
    ['flags ', '3:1'],
    ['= x', '3:1'],
    ['} # end', '3:3'],
    ['{', '3:1'],
  ])('that is none loses the service, and the others stay: %s', (line, place) => {
    const text = `service x\n{\n${line}\n}\n${service('y')}`;
    const { places, services, accounts } = convertText(text);
    expect(places).toEqual([`${place} xinetd/syntax`]);
    expect(Object.keys(services)).toEqual(['y']);
    expect(accounts.map(({ kind, line: from, lastLine }) => [kind, from, lastLine])).toEqual([
      ['problem', 1, 4],
      ['service', 5, 14],
    ]);
  });

  test('of 16 KiB is read, and a longer one loses the service, as xinetd breaks it in two', () => {
    const fits = `server_args = ${'x'.repeat(16_384 - 15)}`;
    expect(convertText(service('x', fits)).places).toEqual([]);
    const text = `${service('x', `${fits}xxx`)}${service('y')}`;
    const { places, services } = convertText(text);
    expect(places).toEqual(['10:1 xinetd/long-line']);
    expect(Object.keys(services)).toEqual(['y']);
  });

  test('that is a comment must not be longer either: its end would be a line of its own', () => {
    const { places, services } = convertText(`#${'x'.repeat(20_000)}\n${service('lost')}${service('y')}`);
    expect(places).toEqual(['1:1 xinetd/long-line', '2:1 xinetd/lost']);
    expect(Object.keys(services)).toEqual(['y']);
  });
});

describe('text that cannot be meant', () => {
  test('a carriage return at the end of a line: xinetd runs no such service either', () => {
    const text = `${service('x').replaceAll('\n', '\r\n')}${service('y')}`;
    const { places, services } = convertText(text);
    expect(places[0]).toBe('1:10 xinetd/crlf');
    expect(Object.keys(services)).toEqual(['y']);
  });

  test('carriage returns where nothing else stands do no harm', () => {
    expect(attributesOf('\r\nservice x\n{\r\n# a\r\n\r\n port = 2\n}\r\n')).toEqual({ port: '2' });
  });

  test.each([
    ['a control character', 'server_args = a\x1b[2Jb', '10:17 xinetd/control-character'],
    ['a NUL', 'server_args = a\0b', '10:17 xinetd/control-character'],
    ['the name of a template', 'server = @bindir@/x', '9:11 xinetd/template'],
    ['another one', 'server_args = __DIR__', '10:16 xinetd/template'],
  ])('%s', (_, line, place) => {
    const { places, services } = convertText(`${service('x', line)}${service('y')}`);
    expect(places).toEqual([place]);
    expect(Object.keys(services)).toEqual(['y']);
  });

  test('bytes that are not UTF-8, but not in a comment', () => {
    const { places } = convertText(`# caf\xe9\n${service('x', 'server_args = caf\xe9')}`, { isUtf8: false });
    expect(places).toEqual(['11:1 xinetd/not-utf8']);
  });
});

describe('what xinetd ignores, with a warning', () => {
  test.each([
    ['an attribute that nobody has', 'kafel_rule = x', 'unknown-attribute', undefined],
    ['a second one', 'port = 1', 'set-twice', 'port'],
    ['"+=" for one value', 'nice += 3', 'operator', 'nice'],
    ['"-=" for flags', 'flags -= IPv4', 'operator', 'flags'],
    ['too many values', 'nice = 3 4', 'value-count', 'nice'],
    ['too few values', 'cps = 3', 'value-count', 'cps'],
    ['no value', 'nice =', 'value-count', 'nice'],
    ['a comment behind a value', 'per_source = 10 # the maximum', 'comment', 'per_source'],
  ])('%s', (_, line, code, name) => {
    const text = `service x\n{\nport = 79\n${line}\n}\n`;
    expect(attributesOf(text)).toEqual({ port: '79' });
    const { diagnostics } = convertText(`${service('x', 'port = 79', line)}`);
    expect(diagnostics.map((each) => [each.code, each.severity])).toEqual([[`xinetd/${code}`, 'warning']]);
    if (name) expect(diagnostics[0]?.message).toContain(`"${name}"`);
  });

  test('also a misspelt one, with what was meant', () => {
    expect(convertText(service('x', 'instnces = 3')).diagnostics[0]?.help).toBe('did you mean "instances"?');
  });

  test('a limit behind which a comment stands was never in force, and that is said', () => {
    const [diagnostic] = convertText(service('x', 'per_source = 10 # the maximum')).diagnostics;
    expect(diagnostic?.message).toBe(
      'Ignored "per_source", as xinetd does, so that it was never in force: behind a value "#" begins no comment, but 4 values in place of 1',
    );
  });

  test('but not in a list: there the comment is part of it', () => {
    const text = service('x', 'server_args = -l # log');
    expect(attributesOf(text)?.['server_args']).toBe('-l # log');
    expect(convertText(text).places).toEqual(['10:19 xinetd/comment']);
  });
});

describe('operators', () => {
  const BASE = defaults('log_on_success = PID HOST', 'passenv = PATH', 'only_from = 10.0.0.0 localhost');

  test.each([
    ['log_on_success = EXIT', 'log_on_success', 'EXIT'],
    ['log_on_success += EXIT', 'log_on_success', 'PID HOST EXIT'],
    ['log_on_success -= host', 'log_on_success', 'PID'],
    ['log_on_success -= PID HOST', 'log_on_success', ''],
    ['log_on_success =', 'log_on_success', ''],
    ['passenv -= PATH', 'passenv', ''],
    ['only_from =', 'only_from', ''],
    ['only_from += ::1', 'only_from', '10.0.0.0 localhost ::1'],
    ['only_from -= 10.0.0.0/8', 'only_from', 'localhost'],
    ['only_from -= 10.0.0.0 LOCALHOST', 'only_from', ''],
    ['only_from -= 10.0.0.0\nonly_from += 10.1.0.0', 'only_from', 'localhost 10.1.0.0'],
    ['no_access += 10.9.0.0', 'no_access', '10.9.0.0'],
    ['env = A=1\nenv += B=2\nenv += A=3', 'env', 'A=1 B=2 A=3'],
    ['env = A=1\nenv = B=2', 'env', 'B=2'],
    ['port = 5', 'only_from', '10.0.0.0 localhost (defaults)'],
  ])('%s', (lines, name, value) => {
    expect(attributesOf(`${BASE}service x\n{\n${lines}\n}\n`)?.[name]).toBe(value);
  });

  test.each(['only_from -= 10.0.0.1', 'only_from -= 10.0.0.0/9', 'no_access -= 1.2.3.4'])(
    'that take away an address that is not there are told and do nothing, as in xinetd: %s',
    (line) => {
      const { diagnostics, services } = convertText(`${BASE}${service('x', line)}`);
      expect(diagnostics.map(({ code }) => code)).toContain('xinetd/operator');
      expect(Object.keys(services)).toEqual(['x']);
    },
  );

  test.each([
    'only_from -= host',
    'only_from -= 10.0.{0,1}',
    'only_from -= 010.0.0.0',
    'no_access = 10.0.{0,1}\n\tno_access -= 10.0.0.0',
    'env -= A',
  ])('cannot take away what may be there in other words: %s', (line) => {
    const { diagnostics, services } = convertText(`${BASE}${service('x', line)}${service('yy')}`);
    expect(diagnostics.map(({ code }) => code)).toEqual(['xinetd/removal']);
    expect(Object.keys(services)).toEqual(['yy']);
  });

  test.each(['flags', 'type', 'server_args', 'log_type', 'access_times'])(
    '"%s" without a value loses the service, as xinetd disables it',
    (name) => {
      const { diagnostics, services } = convertText(`${service('x', `${name} =`)}${service('yy')}`);
      expect(diagnostics.map(({ code }) => code)).toContain('xinetd/no-value');
      expect(Object.keys(services)).toEqual(['yy']);
    },
  );

  test('"interface" is another name of "bind", and the second is ignored', () => {
    const text = service('x', 'interface = 127.0.0.1', 'bind = ::1');
    expect(attributesOf(text)?.['bind']).toBe('127.0.0.1');
    expect(convertText(text).places).toEqual(['11:2 xinetd/set-twice']);
  });
});
