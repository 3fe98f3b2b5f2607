import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { LOADERS } from '../../../src/convert/tcprules/loaders.ts';
import { SERVERS } from '../../../src/convert/tcprules/servers.ts';

const PAGE = readFileSync(new URL('../../../docs/reference/tcprules.md', import.meta.url), 'utf8');
/** Other names of the same programs. */
const ALIASES = new Set([
  'command',
  'fghack',
  's6-setsid',
  's6-setlock',
  'runit-chpst',
  's6-tcpserver4',
  's6-tcpserver6',
]);

test('docs/reference/tcprules.md names each program that is understood', () => {
  const named = [...LOADERS.keys(), ...SERVERS.keys()].filter((name) => !ALIASES.has(name));
  expect(named.filter((name) => !new RegExp(`\`${name}[\` ]`).test(PAGE))).toEqual([]);
});
