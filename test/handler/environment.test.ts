import { expect, test } from 'vitest';
import { environmentOf, parseEnvironment } from '../../src/handler/environment.ts';

const common = environmentOf({ PATH: '/bin', REMOTE_ADDR: 'old', GONE: undefined });

function parse(text: string): object {
  return Object.fromEntries(parseEnvironment(Buffer.from(text), common));
}

test('variables of a connection lie over those of all, which stay as they are', () => {
  const own = { PATH: '/bin', REMOTE_ADDR: '192.0.2.1', ODD: 'a=b\nc', NONE: '' };
  expect(parse('REMOTE_ADDR=192.0.2.1\0ODD=a=b\nc\0NONE=\0')).toEqual(own);
  expect(Object.fromEntries(common)).toEqual({ PATH: '/bin', REMOTE_ADDR: 'old' });
});

test('what is no variable is none', () => {
  expect(parse('\0=x\0word\0__proto__=y\0')).toEqual({
    ...Object.fromEntries(common),
    ...JSON.parse('{"__proto__":"y"}'),
  });
  expect(parse('')).toEqual(Object.fromEntries(common));
});
