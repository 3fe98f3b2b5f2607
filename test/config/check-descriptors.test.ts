import { expect, test } from 'vitest';
import type { LoadResult } from '../../src/config/load.ts';
import { codes, loadText, oneService } from './load-text.ts';

function loadRelay(instances: number): LoadResult {
  const s = { listen: 'tcp://127.0.0.1:0', redirect: 'tcp://192.0.2.1:80', instances };
  return loadText(JSON.stringify({ version: 1, services: { s } }));
}

/** The limit of the machine of these tests is 4,096. */
test('relays that may need more descriptors than there can be are warned of, with what they may take', () => {
  expect(codes(loadRelay(1750))).toEqual([]);
  const { config, diagnostics } = loadRelay(2000);
  expect(config).toBeDefined();
  expect(diagnostics.map(({ code, message }) => `${code}: ${message}`)).toEqual([
    'config/too-few-descriptors: Found use for 4513 descriptors, where 4096 can be open: service "s" may take 4001 of them',
  ]);
});

test('a handler has the connection to itself, so that any number of them needs none', () => {
  expect(codes(loadText(oneService({ instances: 60_000 })))).toEqual([]);
});
