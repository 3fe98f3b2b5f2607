import { describe, expect, test } from 'vitest';
import type { LineAccount } from '../../../src/config/foreign-format.ts';
import { convertText, defaults, readEntries, service } from './convert-text.ts';

/** `what of line` of each account, blank lines and comments left out. */
function book(accounts: readonly LineAccount[]): readonly string[] {
  return accounts
    .filter(({ kind }) => kind !== 'blank' && kind !== 'comment')
    .map(({ kind, file, line, lastLine, name }) =>
      `${file === 'xinetd.conf' ? '' : `${file}:`}${line}${lastLine > line ? `-${lastLine}` : ''} ${kind} ${name ?? ''}`.trim(),
    );
}

const X = 'service x\n{\n}\n';

function enabledIds(text: string): readonly string[] | undefined {
  return readEntries(text)?.flatMap(({ id, isEnabled }) => (isEnabled ? [id] : []));
}

describe('braces and stray lines lose what xinetd loses, and that is told', () => {
  test.each([
    ['a stray "}"', `}\n${service('lost')}`, ['1:1 xinetd/syntax', '2:1 xinetd/lost']],
    [
      'a stray "}" before a directory',
      '}\nincludedir /etc/xinetd.d\n# a\n}\n',
      ['1:1 xinetd/syntax', '2:1 xinetd/lost'],
    ],
    [
      'a line of inetd.conf',
      `ssh stream tcp nowait root /usr/sbin/sshd sshd -i\n${service('lost')}`,
      ['1:1 xinetd/syntax', '2:1 xinetd/lost'],
    ],
    ['"{" behind the name', 'service lost {\n port = 1\n}\n', ['1:1 xinetd/brace', '1:14 xinetd/surplus']],
    ['no "{"', 'service lost\n port = 1\n}\n', ['1:1 xinetd/brace']],
    [
      'no "{", and another service there',
      `service lost\n${service('too')}`,
      ['1:1 xinetd/brace', '2:1 xinetd/lost'],
    ],
    ['no "}"', `service lost\n{\n port = 1\n${service('too')}`, ['4:1 xinetd/lost']],
    [
      '"}" with something behind it',
      `service lost\n{\n port = 1\n} x\n${service('too')}`,
      ['4:3 xinetd/syntax', '5:1 xinetd/lost'],
    ],
    ['no name', 'service\n{\n}\n', ['1:1 xinetd/syntax']],
    ['no file', 'include\n}\n', ['1:1 xinetd/syntax']],
  ])('%s', (_, text, expected) => {
    const { places, services, accounts } = convertText(`${text}${service('y')}`);
    expect(places).toEqual(expected);
    expect(Object.keys(services)).toEqual(['y']);
    const lines = accounts.flatMap(({ line, lastLine }) => [line, lastLine]);
    expect(lines).toEqual(lines.toSorted((left, right) => left - right));
  });

  test('a block that the file ends in', () => {
    const { places, accounts } = convertText(`${service('y')}service x\n{\n port = 1\n\n`);
    expect(places).toEqual(['12:1 xinetd/brace']);
    expect(book(accounts)).toEqual(['1-10 service y', '11-14 problem']);
  });

  test('what stands behind the name is ignored, and told', () => {
    const { places, services } = convertText(service('y').replace('service y', 'service y # why'));
    expect(places).toEqual(['1:11 xinetd/surplus']);
    expect(Object.keys(services)).toEqual(['y']);
  });
});

describe('defaults', () => {
  test('are for services before and behind, but lists for those behind only', () => {
    const text = `${X}${defaults('instances = 5', 'only_from = 10.0.0.0', 'banner = /b', 'log_on_success = PID')}${X.replace('x', 'y')}`;
    expect(readEntries(text)?.map(({ attributes }) => attributes)).toEqual([
      { instances: '5 (defaults)', log_on_success: 'PID (defaults)' },
      {
        instances: '5 (defaults)',
        only_from: '10.0.0.0 (defaults)',
        banner: '/b (defaults)',
        log_on_success: 'PID (defaults)',
      },
    ]);
  });

  test('that come too late for a service are told with both places', () => {
    const { diagnostics } = convertText(
      `${service('x', 'log_on_success += EXIT')}${defaults('only_from = 10.0.0.0', 'log_on_success = PID')}`,
    );
    expect(
      diagnostics.map(({ code, span, related }) => [code, span.range?.line, related[0]?.span.range?.line]),
    ).toEqual([
      ['xinetd/order', 14, 1],
      ['xinetd/order', 15, 1],
    ]);
    const set = `${service('x', 'only_from = ::1', 'log_on_success = EXIT')}${defaults('only_from = 10.0.0.0', 'log_on_success = PID')}`;
    expect(convertText(set).places).toEqual([]);
  });

  test('take "=" for "+=" in lists, and what a service says goes before', () => {
    const text = `${defaults('only_from = 10.0.0.0', 'only_from = 10.1.0.0', 'instances = 5')}service x\n{\ninstances = 6\n}\n`;
    expect(readEntries(text)?.[0]?.attributes).toEqual({
      only_from: '10.0.0.0 10.1.0.0 (defaults)',
      instances: '6',
    });
  });

  test('have no effect for what only a service can have', () => {
    const { places, services } = convertText(`${defaults('disable = yes', 'nonsense = 1')}${service('x')}`);
    expect(places).toEqual(['3:2 xinetd/unknown-attribute', '4:2 xinetd/unknown-attribute']);
    expect(Object.keys(services)).toEqual(['x']);
  });

  test('may stand once in a file; xinetd ignores the second', () => {
    const text = `${defaults('instances = 5')}${defaults('instances = x', 'nonsense')}${X}`;
    expect(readEntries(text)?.[0]?.attributes).toEqual({ instances: '5 (defaults)' });
    const { places, accounts } = convertText(text);
    expect(places[0]).toBe('5:1 xinetd/defaults');
    expect(book(accounts).slice(0, 2)).toEqual(['1-4 directive', '5-9 problem']);
  });

  test('of an included file add to those of the one that includes it', () => {
    const files = { '/a': `${defaults('instances = 6', 'only_from = ::1', 'umask = 022')}${X}` };
    const text = `${defaults('instances = 5', 'only_from = 10.0.0.0')}include /a\n`;
    expect(readEntries(text, files)?.[0]?.attributes).toEqual({
      instances: '5 (defaults)',
      only_from: '10.0.0.0 ::1 (defaults)',
      umask: '022 (defaults)',
    });
    expect(convertText(text, { files }).places).toContain('/a:3:2 xinetd/set-twice');
  });

  test.each([
    ['a bad value', defaults('instances = many')],
    ['a value that a service has better', `${defaults('instances = many')}${service('y', 'instances = 5')}`],
    ['a line that is none', defaults('instances=5')],
    ['a list that takes away what is not there', defaults('only_from -= ::1')],
    ['no value', defaults('log_type =')],
    ['two destinations', defaults('log_type = FILE /a', 'log_type = FILE /b')],
    ['a "{" that is not alone', 'defaults {\n instances = 5\n}\n'],
    ['no "}"', 'defaults\n{\n instances = 5\n'],
    ['a carriage return', 'defaults\r\n{\r\n instances = 5\r\n}\r\n'],
    ['a stray line before it', `}\n${defaults('only_from = ::1')}`],
    ['a "{" at the word', 'defaults{\n only_from = ::1\n}\n'],
    [
      'a "{" at the word, in a block that is lost',
      `service z\n{\n x\n}\n}\ndefaults{\n only_from = ::1\n}\n`,
    ],
    ['a colon', 'Defaults:\n{\n only_from = ::1\n}\n'],
    ['a word without its end', 'default\n{\n only_from = ::1\n}\n'],
    ['a service without "}" before it', `service y\n{\n port = 1\n${defaults('only_from = ::1')}`],
    [
      'a disabled service without "}" before it',
      `service y\n{\n disable = yes\n${defaults('only_from = ::1')}`,
    ],
  ])('end everything where something is wrong with them, as no service may lack them: %s', (_, text) => {
    const { root, diagnostics } = convertText(`${text}${service('x')}`);
    expect(root).toBeUndefined();
    expect(diagnostics.some(({ severity }) => severity === 'error')).toBe(true);
  });
});

describe('which services run', () => {
  const three = service('a') + service('b') + service('c', 'id = see');

  test.each([
    ['enabled = a SEE', ['a', 'see']],
    ['enabled = a\n enabled += b', ['a', 'b']],
    ['enabled = a\n enabled = b', ['a', 'b']],
    ['enabled = a\n enabled -= b', ['a', 'b']],
    ['enabled = a b\n disabled = b', ['a']],
    ['disabled = a c', ['b', 'see']],
    ['disabled = see', ['a', 'b']],
    ['enabled =', []],
    ['disabled =', ['a', 'b', 'see']],
  ])('is said by the lists of ids in defaults: %s', (lines, ids) => {
    expect(enabledIds(`${defaults(lines)}${three}`)).toEqual(ids);
    expect(enabledIds(`${three}${defaults(lines)}`)).toEqual(ids);
  });

  test('is said by the service itself, whatever the lists say', () => {
    expect(enabledIds(`${defaults('enabled = a b')}${service('a', 'disable = yes')}${service('b')}`)).toEqual(
      ['b'],
    );
  });

  test.each([
    ['disable = YES', []],
    ['disable = no', ['x']],
    ['disable = no\n disable = yes', ['x']],
    ['disable = yes yes', ['x']],
    ['disable += yes', ['x']],
    ['disable = yes # for now', ['x']],
  ])('as xinetd reads it: %s', (line, ids) => {
    expect(enabledIds(service('x', line))).toEqual(ids);
  });

  test('is unclear with another word, so that the service is lost', () => {
    const { places, services } = convertText(`${service('x', 'disable = maybe')}${service('y')}`);
    expect(places).toEqual(['10:12 xinetd/value']);
    expect(Object.keys(services)).toEqual(['y']);
  });

  test('an id that no service has is told', () => {
    expect(convertText(`${defaults('enabled = x z', 'disabled = w')}${service('x')}`).places).toEqual([
      '3:14 xinetd/unknown-id',
      '4:13 xinetd/unknown-id',
    ]);
  });

  test('nobody looks at what stands behind "disable = yes", but it is there for the one who converts it', () => {
    const text = `service x\n{\n disable = yes\n socket_type = stream\n wait = no\n server = /bin/x\n user = me\n flags=x\n nonsense = 1\n}\n${service('y')}`;
    const { places, services, accounts, disabledServices } = convertText(text);
    expect(places).toEqual([]);
    expect(Object.keys(services)).toEqual(['y']);
    expect(book(accounts)).toEqual(['1-10 disabled x', '11-20 service y']);
    expect(disabledServices['x']).toMatchObject({ enabled: false, server: '/bin/x' });
  });

  test('a service that is lost behind a disabled one is told', () => {
    const text = `service x\n{\n disable = yes\n${service('lost')}${service('y')}`;
    expect(convertText(text).places).toEqual(['4:1 xinetd/lost']);
  });

  test('none is an error', () => {
    const { diagnostics } = convertText(`${service('x', 'disable = yes')}${service('y', 'disable = yes')}`);
    expect(diagnostics.map(({ message }) => message)).toEqual([
      'Cannot find an active service: 2 are disabled',
    ]);
    expect(convertText('# nothing\n').places).toEqual(['undefined:undefined xinetd/no-services']);
  });
});

describe('names', () => {
  test('are the ids, and the same id twice gives two services, as in xinetd', () => {
    const text = `${service('x')}${service('x', 'port = 80')}${service('yy', 'id = x', 'port = 81')}`;
    const { services, places } = convertText(text);
    expect(Object.keys(services)).toEqual(['x', 'x-2', 'x-3']);
    expect(places).toEqual(['11:9 xinetd/name', '29:7 xinetd/name']);
  });

  test('are made of what a name can have, and those that run come first', () => {
    const text = `${service('x', 'disable = yes')}${service('x')}${service('yy', 'id = ./ä')}${service('z', 'id = toString')}`;
    const { services, accounts, places } = convertText(text);
    expect(Object.keys(services)).toEqual(['x', 'service', 'toString-2']);
    expect(book(accounts)).toEqual([
      '1-11 disabled x-2',
      '12-21 service x',
      '22-32 service service',
      '33-43 service toString-2',
    ]);
    expect(places).toEqual(['31:7 xinetd/name', '42:7 xinetd/name']);
  });
});

describe('lines of all files', () => {
  test('are in the book, those of an included file where it is included', () => {
    const files = { '/d/a': `# a\n${service('a')}`, '/d/b': service('b'), '/c': service('c') };
    const { accounts, services } = convertText(`\ninclude /c\nincludedir /d\n${service('x')}`, { files });
    expect(book(accounts)).toEqual([
      '2 directive',
      '/c:1-10 service c',
      '3 directive',
      '/d/a:2-11 service a',
      '/d/b:1-10 service b',
      '4-13 service x',
    ]);
    expect(Object.keys(services)).toEqual(['c', 'a', 'b', 'x']);
  });

  test('and places are those of the file, for values from defaults too', () => {
    const { diagnostics } = convertText(`${service('x', 'wait = perhaps')}${service('y')}`);
    expect(diagnostics[0]?.span).toMatchObject({ file: 'xinetd.conf', range: { line: 9, column: 9 } });
  });
});
