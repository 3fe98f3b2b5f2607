import { describe, expect, test } from 'vitest';
import { convertText, service } from './convert-text.ts';

describe('how a file is read', () => {
  test('blanks, comments and line breaks stand anywhere, and braces need none', () => {
    const { services, places } = convertText(
      'service"a"{port 7001,7002;user"me";exec"/bin/cat";wait no;}#x\r\nservice "b" # c\n{ ;; user 5; exec "/bin/cat"; }',
    );
    expect(services['a']).toMatchObject({ listen: ['tcp4://*:7001', 'tcp4://*:7002'], server: '/bin/cat' });
    expect(services['b']).toMatchObject({ listen: 'tcp4://*:b', user: 5 });
    expect(places).toEqual([]);
  });

  test('a mark of a comment inside of a text is none', () => {
    const { services } = convertText(service('a', 'exec "/bin/cat #x;{}";'));
    expect(services['a']).toMatchObject({ server_args: ['#x;{}'] });
  });

  test('each line is accounted for, two services on one line both', () => {
    const { accounts } = convertText(
      `# a\n\n${service('x').trimEnd()} ${service('y', 'enabled no;')}\ndefaults {\n}\n`.replace(
        'defaults {\n}',
        'defaults {\n instances 3; }',
      ),
    );
    expect(accounts.map(({ kind, line, lastLine, name }) => [kind, line, lastLine, name])).toEqual([
      ['comment', 1, 1, undefined],
      ['blank', 2, 2, undefined],
      ['service', 3, 7, 'x'],
      ['disabled', 7, 12, 'y'],
      ['blank', 13, 13, undefined],
      ['directive', 14, 15, undefined],
    ]);
  });

  test.each([
    ['a directive without an end', 'nice 5'],
    ['a value of another kind', 'instances many;'],
    ['no value', 'exec;'],
    ['an unknown directive with a value', 'umask 022;'],
    ['a directive of another block', 'version 3;'],
    ['a token of the lexer that the grammar has not', 'accept 5;'],
    ['a text over the end of a line', 'exec "/bin/cat\n";'],
    ['a template', 'exec "@sbindir@/x";'],
    ['a limit of something else', 'rlimit as 5;'],
    ['a block of something else', 'rpc { port 5; }'],
  ])('%s leaves its service out alone, with an error at its place', (_, line) => {
    const { services, diagnostics, accounts } = convertText(`${service('x', line)}${service('yy')}`);
    expect(Object.keys(services)).toEqual(['yy']);
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    expect(errors.length).toBeGreaterThan(0);
    for (const { span } of errors) expect(span.range?.line).toBeLessThanOrEqual(7);
    expect(accounts.map(({ kind }) => kind)).toEqual(['problem', 'service']);
  });

  test.each([
    ['a text that nothing ends', `${service('x')}service "y\n{ }`],
    ['a brace that nothing closes', `service "x" { user "me"; ${service('y')}`],
    ['a brace too many', `${service('x')}}\n${service('y')}`],
    ['a word that begins nothing', `includedir "/x";\n${service('x')}`],
    ['a fault in "defaults"', `defaults { instances many; }\n${service('x')}`],
    ['"defaults" with a name', `defaults "x" { instances 3; }\n${service('x')}`],
    ['"defaults" without an end', `defaults { interface 127.0.0.1 }\n${service('x')}`],
    ['"defaults" in a service', `service "x" { port 5;\ndefaults { tcpd; }\n}\n${service('y')}`],
    ['"defaults" behind a value', `service "x" { nice 5\ndefaults { tcpd; }\n}\n${service('y')}`],
    ['"defaults" in what is skipped', `service "x" { ; 5;\ndefaults { tcpd; }\n}\n${service('y')}`],
    ['"defaults" in a log', `log "x" { path "/x";\ndefaults { tcpd; }\n}\n${service('y')}`],
    ['"defaults" as a path', `directory\ndefaults { tcpd; }\n${service('y')}`],
    ['braces without end', `service "x" ${'{ x '.repeat(9)}${service('y')}`],
  ])('%s ends everything: it might have lost what keeps services shut', (_, text) => {
    const { root, diagnostics } = convertText(text);
    expect(root).toBeUndefined();
    expect(diagnostics.map(({ code }) => code)).toContain('rlinetd/syntax');
  });

  test('a lone unknown word is ignored as rlinetd does, and a nearby name is offered', () => {
    const { services, diagnostics } = convertText(service('x', 'initgruops;'));
    expect(services['x']).not.toHaveProperty('groups');
    expect(diagnostics).toMatchObject([{ code: 'rlinetd/ignored', help: 'did you mean "initgroups"?' }]);
  });

  test('of two that say the same the last counts, with a warning at the first', () => {
    const { services, places } = convertText(
      service('x', 'instances 3;', 'instances 4;', 'rlimit cpu 1;', 'rlimit core 2;'),
    );
    expect(services['x']).toMatchObject({ instances: 4, rlimits: { cpu: 1, core: 2 } });
    expect(places).toEqual(['5:2 rlinetd/set-twice']);
  });

  test('numbers that begin with 0 are octal, with a warning', () => {
    const { services, places } = convertText(service('x', 'port 0100;', 'instances 08;'));
    expect(services['x']).toMatchObject({ listen: 'tcp4://*:64', instances: 'UNLIMITED' });
    expect(places).toEqual(['4:7 rlinetd/octal', '5:12 rlinetd/octal']);
  });

  test('text that is not UTF-8 is refused where it would be used', () => {
    const { services, diagnostics } = convertText(
      `# \xe4\n${service('x', 'banner "/\xe4";')}${service('yy')}`,
      { isUtf8: false },
    );
    expect(Object.keys(services)).toEqual(['yy']);
    expect(diagnostics.map(({ code }) => code)).toEqual(['rlinetd/not-utf8']);
  });
});
