import { afterEach, expect, test } from 'vitest';
import { codes, loadText, oneService } from './load-text.ts';

const POLLUTED: Readonly<Record<string, unknown>> = {
  user: 'root',
  uid: 0,
  groups: true,
  env: { LD_PRELOAD: '/evil.so' },
  server: '/evil',
  shell: '/evil',
  cwd: '/evil',
  umask: '000',
  nice: -20,
  argv0: 'evil',
  server_args: ['evil'],
  soft: 1,
  LD_PRELOAD: '/evil.so',
};

afterEach(() => {
  for (const key of Object.keys(POLLUTED)) Reflect.deleteProperty(Object.prototype, key);
});

test('keys that every object inherits are refused, as names and as settings (S107)', () => {
  for (const key of [
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'hasOwnProperty',
    'valueOf',
    '__defineGetter__',
  ]) {
    const service = '{"listen": "tcp://127.0.0.1:0", "server": "/bin/true", "user": "nobody"}';
    const texts = [
      `{"version": 1, "services": {"${key}": ${service}}}`,
      `{"version": 1, "${key}": {}, "services": {"s": ${service}}}`,
      `{"version": 1, "services": {"s": {"${key}": {"user": "root"}, ${service.slice(1)}}}`,
      `{"version": 1, "services": {"s": {"env": {"${key}": "x"}, ${service.slice(1)}}}`,
    ];
    for (const text of texts) expect(codes(loadText(text)), text).toEqual(['config/forbidden-key']);
  }
});

test('a polluted Object.prototype adds nothing to a service (S107)', () => {
  const text = oneService({ rlimits: { nofile: 5 }, env: { A: 'b' } });
  const clean = loadText(text).config;
  Object.assign(Object.prototype, POLLUTED);
  const polluted = loadText(text);
  const withoutUser = loadText(oneService({ user: undefined }).replace(/,"user":[^,}]*/, ''));
  for (const key of Object.keys(POLLUTED)) Reflect.deleteProperty(Object.prototype, key);
  expect(polluted.config).toEqual(clean);
  expect(codes(withoutUser)).toEqual(['config/user-required']);
});
