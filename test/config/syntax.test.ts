import { expect, test } from 'vitest';
import { codes, loadText, oneService, places } from './load-text.ts';

function service(line: string): string {
  return `version: 1\nservices:\n  s:\n    listen: "tcp://127.0.0.1:0"\n    server: /bin/true\n    user: nobody\n    ${line}\n`;
}

test('a number that readers take for different ones is refused with a hint, at its place (S105)', () => {
  for (const number of [
    '0o22',
    '010',
    '0x1F',
    '1_000',
    '1e3',
    '.inf',
    '-.inf',
    '.nan',
    '+5',
    '0b11',
    '99999999999999999999',
  ]) {
    const result = loadText(service(`instances: ${number}`));
    expect(places(result), number).toEqual(['7:16 config/ambiguous-scalar']);
    expect(result.diagnostics[0]?.help).toContain('quotes');
  }
});

test('yes, no, on and off are no booleans, and the hint says what is (S105)', () => {
  for (const [word, meant] of [
    ['yes', 'true'],
    ['no', 'false'],
    ['on', 'true'],
    ['off', 'false'],
  ]) {
    const result = loadText(service(`v6only: ${word}`));
    expect(codes(result)).toEqual(['config/wrong-type']);
    expect(result.diagnostics[0]?.help).toBe(`write ${meant}`);
  }
});

test('a number where text is expected is refused with the hint to quote it (S105)', () => {
  const result = loadText(service('umask: 22'));
  expect(codes(result)).toEqual(['config/wrong-type']);
  expect(result.diagnostics[0]?.help).toBe('write it in quotes: "22"');
});

test('text where a number is expected is refused with the hint to leave the quotes out (S105)', () => {
  const result = loadText(service('nice: "5"'));
  expect(codes(result)).toEqual(['config/wrong-type']);
  expect(result.diagnostics[0]?.help).toBe('write it without quotes: 5');
});

test('tags outside the core schema are refused, and core ones taken (S108)', () => {
  for (const tag of [
    '!!js/function',
    '!!python/object/apply:os.system',
    '!x',
    '!<tag:yaml.org,2002:str>',
    '!!binary',
    '!!set',
    '!!timestamp',
  ]) {
    expect(codes(loadText(service(`argv0: ${tag} "x"`))), tag).toContain('config/tag');
  }
  expect(codes(loadText(service('argv0: !!str x')))).toEqual([]);
});

test('a directive cannot change the version or the meaning of tags (S105, S108)', () => {
  for (const directive of ['%YAML 1.1', '%TAG !! tag:example.com,2000:', '%FOO']) {
    expect(codes(loadText(`${directive}\n---\n${service('nice: 1')}`)), directive).toContain('config/tag');
  }
  expect(codes(loadText(`%YAML 1.2\n---\n${service('nice: 1')}`))).toEqual([]);
});

test('aliases, anchors and merge keys are refused (S106)', () => {
  expect(codes(loadText(service('argv0: &a x')))).toEqual(['config/alias']);
  expect(codes(loadText(service('env: {A: &a x, B: *a}')))).toEqual(['config/alias', 'config/alias']);
  expect(codes(loadText(service('<<: {nice: 1}')))).toEqual(['config/merge-key']);
});

test('a key twice in one map is refused, and the first is shown', () => {
  const result = loadText(service('user: root'));
  expect(places(result)).toEqual(['7:5 config/duplicate-key']);
  expect(result.diagnostics[0]?.related[0]?.span.range?.line).toBe(6);
});

test('a second document is refused', () => {
  expect(codes(loadText(`${service('nice: 1')}---\nversion: 1\n`))).toEqual(['config/several-documents']);
});

test('a broken text is refused where it breaks', () => {
  const result = loadText('version: 1\nservices: {a: [}\n');
  expect(result.config).toBeUndefined();
  expect(places(result)[0]).toMatch(/^2:\d+ config\/syntax$/);
});

test('JSON is taken, since it is YAML', () => {
  expect(codes(loadText(JSON.stringify(JSON.parse(oneService({})), undefined, 2)))).toEqual([]);
});

test('half of a surrogate pair is refused, not replaced', () => {
  expect(codes(loadText(service('argv0: "\\ud800"')))).toEqual(['config/invalid-text']);
});

test('every mistake is reported at once, sorted by place', () => {
  const text = `version: 2
services:
  a:
    listen: tcp://127.0.0.1:99999
    server: bin/cat
    usr: nobody
  "b c":
    listen: tcp://127.0.0.1:7
    user: nope
    umask: 022
    server: /bin/true
`;
  expect(places(loadText(text))).toEqual([
    '1:10 config/invalid-value',
    '3:3 config/user-required',
    '4:13 config/invalid-value',
    '5:13 config/server-path',
    '6:5 config/unknown-key',
    '7:3 config/invalid-value',
    '9:11 config/unknown-user',
    '10:12 config/ambiguous-scalar',
  ]);
});

test('an unknown key comes with the nearest known name', () => {
  expect(loadText(service('instance: 5')).diagnostics[0]?.help).toBe('did you mean "instances"?');
  expect(loadText(service('rlimits: {nofiles: 5}')).diagnostics[0]?.help).toBe('did you mean "nofile"?');
  expect(loadText(service('colour: 5')).diagnostics[0]?.help).toBeUndefined();
});
