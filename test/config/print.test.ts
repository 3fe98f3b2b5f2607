import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Host } from '../../src/config/host.ts';
import { printResolution } from '../../src/config/print.ts';
import { fakeHost } from './fake-host.ts';
import { loadText } from './load-text.ts';

const text = fc
  .oneof(
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc.constantFrom(
      '',
      'yes',
      'null',
      '~',
      '010',
      '1e3',
      '0x1F',
      '- a',
      '#',
      ': ',
      ' a ',
      'a\nb',
      '\t',
      '"',
      "'",
      '\\',
      '<<',
      '*a',
      '&a',
      '!x',
      '%',
      '@',
    ),
  )
  .filter((value) => !/[\0\p{Surrogate}]/u.test(value));

const variable = fc
  .stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,6}$/)
  .filter((name) => !(name in {}) && name !== 'prototype');
const port = fc.oneof(fc.constant(0), fc.constantFrom('finger', 'http'));
const host = fc.oneof(
  fc.ipV4(),
  fc
    .ipV6()
    .filter((ip) => !/^fe[89ab]/i.test(ip) && !ip.includes('.'))
    .map((ip) => `[${ip}]`),
);
const listen = fc.tuple(host, port).map(([address, at]) => `tcp://${address}:${at}`);
const limit = fc.oneof(fc.nat(), fc.constantFrom('unlimited', 5000));
const pair = fc
  .nat(1000)
  .chain((soft) =>
    fc.record({ soft: fc.constant(soft), hard: fc.constantFrom('unlimited', soft, soft + 1) }),
  );
const bytes = fc.oneof(limit, pair, fc.constantFrom('64k', '8m', '1g'));

const shared = {
  user: fc.constantFrom('nobody', 'ftp', 110, '110', 'root'),
  group: fc.constantFrom('daemon', 7, '8'),
  groups: fc.oneof(fc.boolean(), fc.constant(['daemon', 7, 7])),
  umask: fc.stringMatching(/^0?[0-7]{1,3}$/),
  nice: fc.integer({ min: -20, max: 19 }),
  cwd: text.map((value) => `/${value}`),
  env: fc.dictionary(variable, text, { noNullPrototype: true }),
  pass_env: fc.array(fc.oneof(variable, fc.constantFrom('LANG', 'HOME')), { maxLength: 4 }),
  rlimits: fc.record(
    { cpu: fc.oneof(limit, fc.constant('10s')), fsize: bytes, nproc: limit, nofile: limit },
    { requiredKeys: [] },
  ),
  instances: fc.oneof(fc.integer({ min: 1, max: 65_535 }), fc.constant('UNLIMITED')),
  backlog: fc.integer({ min: 1, max: 65_535 }),
  v6only: fc.boolean(),
};
const own = {
  listen: fc.oneof(listen, fc.array(listen, { minLength: 1, maxLength: 3 })),
  server: fc.constant('/bin/true'),
  enabled: fc.boolean(),
  argv0: text,
  server_args: fc.array(text, { maxLength: 4 }),
};
const service = fc.record({ ...shared, ...own }, { requiredKeys: ['listen', 'server'] });
const document = fc.record({
  version: fc.constant(1),
  defaults: fc.record(shared, { requiredKeys: ['user'] }),
  services: fc.dictionary(
    fc
      .stringMatching(/^[A-Za-z0-9][A-Za-z0-9_.+-]{0,8}$/)
      .filter((name) => !(name in {}) && name !== 'prototype'),
    service,
    {
      maxKeys: 4,
      noNullPrototype: true,
    },
  ),
});

function reload(printed: string, host: Host): void {
  const again = loadText(printed, host);
  expect(again.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  if (!again.resolved) throw new Error(printed);
  expect(printResolution(again.resolved)).toBe(printed);
}

function checkRoundTrip(source: string, host: Host): boolean {
  const first = loadText(source, host);
  if (!first.resolved) return false;
  const printed = printResolution(first.resolved);
  reload(printed, host);
  expect(loadText(printed, host).config).toEqual(first.config);
  return true;
}

test('a printed configuration loads to the same one, and prints the same (as root)', () => {
  let loaded = 0;
  fc.assert(
    fc.property(document, (value) => {
      if (checkRoundTrip(JSON.stringify(value), fakeHost())) loaded++;
    }),
    { numRuns: 300 },
  );
  // The rest has two listeners on one address.
  expect(loaded).toBeGreaterThan(200);
});

test('a printed configuration loads to the same one, and prints the same (not as root)', () => {
  const host = fakeHost({ ownerUid: 1000, dispatcherUid: undefined, hardLimits: new Map([['data', 4096]]) });
  let loaded = 0;
  fc.assert(
    fc.property(document, (value) => {
      if (checkRoundTrip(JSON.stringify(value), host)) loaded++;
    }),
    { numRuns: 200 },
  );
  expect(loaded).toBeGreaterThan(100);
});
