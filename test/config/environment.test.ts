import { describe, expect, test } from 'vitest';
import { fakeHost } from './fake-host.ts';
import { codes, loadService, loadText, oneService } from './load-text.ts';

const NO_VARIABLES = { env: {}, pass_env: 'ALL' };

function environmentOf(attributes: object, environment: Readonly<Record<string, string>>): readonly string[] {
  return loadService({ ...attributes }, fakeHost({ environment })).programs[0]?.env ?? [];
}

function problemsWith(attributes: object, environment: Readonly<Record<string, string>>) {
  const result = loadText(oneService({ ...attributes }), fakeHost({ environment }));
  return { codes: codes(result), messages: result.diagnostics.map(({ message }) => message), result };
}

describe('pass_env', () => {
  test('names what is passed on: without it nothing is, whoever starts zinetd (S29)', () => {
    const environment = { TZ: ':/etc/shadow', LD_PRELOAD: '/nonexistent.so', PATH: '/nonexistent' };
    expect(environmentOf({}, environment)).toEqual([]);
    expect(environmentOf({ pass_env: ['PATH'] }, environment)).toEqual(['PATH=/nonexistent']);
  });

  test('ALL passes on all that zinetd was started with; what "env" says wins', () => {
    const environment = { LANG: 'C', A: '', B: 'b=c d' };
    expect(environmentOf({ env: { LANG: 'de' }, pass_env: 'ALL' }, environment)).toEqual([
      ...['LANG=de', 'A=', 'B=b=c d'],
    ]);
    expect(environmentOf(NO_VARIABLES, {})).toEqual([]);
  });

  test('is a list, or ALL to the letter', () => {
    for (const wrong of ['all', 'LANG', 'ALL ', true]) {
      expect(problemsWith({ pass_env: wrong }, {}).codes, String(wrong)).toEqual(['config/wrong-type']);
    }
    expect(environmentOf({ pass_env: ['ALL'] }, { ALL: 'of that name', B: 'b' })).toEqual([
      'ALL=of that name',
    ]);
  });

  test('ALL leaves out, with a warning, what is no plain variable: functions of a shell, bytes that are no text (S30)', () => {
    const odd = { 'BASH_FUNC_f%%': '() { id; }', 'a.b': '1', '': 'x', '1A': 'x', LATIN: 'Gr\uFFFDsse' };
    const environment = { ...odd, LANG: 'C' };
    expect(environmentOf(NO_VARIABLES, environment)).toEqual(['LANG=C']);
    const { codes: found, messages } = problemsWith(NO_VARIABLES, environment);
    expect(found).toEqual(['config/environment-left-out']);
    expect(messages[0]).toMatch(/^Cannot pass on ".*" and 4 more to service "s": not a name/);
    expect(problemsWith({ pass_env: ['LATIN'] }, environment).codes).toEqual(['config/environment-left-out']);
    expect(problemsWith({ pass_env: ['LANG'] }, environment).codes).toEqual([]);
  });

  test('ALL passes on as many variables as the launch table takes, and more are an error', () => {
    const many = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`V${index}`, 'x']));
    expect(environmentOf(NO_VARIABLES, many(4096)).length).toBe(4096);
    const { codes: found, result } = problemsWith(NO_VARIABLES, many(4097));
    expect(found).toEqual(['config/environment-size']);
    expect(result.config).toBeUndefined();
    expect(problemsWith({ pass_env: 'ALL', env: { OWN: 'x' } }, many(4096)).codes).toEqual([
      'config/environment-size',
    ]);
  });
});
