import { describe, expect, test } from 'vitest';
import { expandSpecifiers } from '../../../src/convert/systemd/specifiers.ts';
import type { UnitName } from '../../../src/convert/systemd/unit-name.ts';
import { convertPair } from './convert-text.ts';

const NAME = { full: '', prefix: 'a-b\\x2dc', type: 'service' } as const;

function expanded(text: string, instance: string | undefined, isPerClient = false) {
  const name = { ...NAME, instance } as unknown as UnitName;
  return expandSpecifiers(text, { name, isPerClient });
}

describe('specifiers of systemd.unit(5)', () => {
  test.each([
    ['%n', 'a-b\\x2dc@x-y.service', 'a-b\\x2dc.service'],
    ['%N', 'a-b\\x2dc@x-y', 'a-b\\x2dc'],
    ['%p', 'a-b\\x2dc', 'a-b\\x2dc'],
    ['%P', 'a/b-c', 'a/b-c'],
    ['%j', 'b\\x2dc', 'b\\x2dc'],
    ['%J', 'b-c', 'b-c'],
    ['%i', 'x-y', ''],
    ['%I', 'x/y', ''],
    ['%f', '/x/y', '/a/b-c'],
    ['%t %% %1', '/run % %1', '/run % %1'],
  ])('%s hangs on the name: %s with an instance, %s without', (text, withInstance, without) => {
    expect(expanded(text, 'x-y')).toEqual({ text: withInstance });
    expect(expanded(text, undefined)).toEqual({ text: without });
  });

  test('are not known where each connection has an instance, unless they hang on what is before it', () => {
    for (const text of ['%n', '%N', '%i', '%I', '%f'])
      expect(expanded(text, 'x', true)).toEqual({ unknown: text });
    expect(expanded('%p %J', 'x', true)).toEqual({ text: 'a-b\\x2dc b-c' });
    expect(expanded('%Z %Y', 'x')).toEqual({ unknown: '%Z' });
  });
});

describe('the streams of a program that gets its socket by LISTEN_FDS', () => {
  const SOCKET = ['Accept=no'];
  const listed = (...service: readonly string[]) =>
    convertPair({ socket: SOCKET, service: ['StandardInput=null', ...service] });

  test('go one way', () => {
    expect(listed().it).toMatchObject({ stderr: 'log', listen_fds: true });
    expect(listed('StandardOutput=null', 'StandardError=null').codes).toEqual([]);
  });

  test.each([
    [['StandardOutput=null', 'StandardError=journal'], 'the log', 'log'],
    [['StandardError=null'], 'nobody', 'none'],
  ])('%j are two, which is told of: both go to %s', (service, where, stderr) => {
    const { it, diagnostics } = listed(...service);
    expect(it['stderr']).toBe(stderr);
    expect(diagnostics.map(({ message }) => message)).toEqual([
      `Sent standard output and standard error to ${where}: with LISTEN_FDS they go one way`,
    ]);
  });
});
