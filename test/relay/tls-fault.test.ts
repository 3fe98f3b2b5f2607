import { expect, test } from 'vitest';
import { tlsFault } from '../../src/relay/tls-fault.ts';

test.each([
  ['ERR_SSL_NO_SHARED_CIPHER', 'no_shared_cipher'],
  ['ECONNRESET', 'ECONNRESET'],
  ['ERR_SSL_\n\u001b[31m', '___31m'],
  ['X'.repeat(100), 'X'.repeat(64)],
  [undefined, 'unknown'],
])('%j is told as %j', (code, word) => {
  expect(tlsFault({ code })).toBe(word);
});
