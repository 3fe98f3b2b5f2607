import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { ATTRIBUTE_NAMES, DAEMON_NAMES, documentSchema, jsonSchema } from '../../src/config/schema.ts';
import { loadText, oneService } from './load-text.ts';

const COMMITTED = new URL('../../schemas/zinetd.schema.json', import.meta.url);
const REFERENCE = new URL('../../docs/reference/configuration.md', import.meta.url);

test('the JSON Schema in schemas/ is the one that the program prints ("npm run schema" renews it)', () => {
  expect(JSON.parse(readFileSync(COMMITTED, 'utf8'))).toEqual(JSON.parse(JSON.stringify(jsonSchema())));
});

test('every attribute has a section in docs/reference/configuration.md', () => {
  const page = readFileSync(REFERENCE, 'utf8');
  for (const name of ['version', 'include', 'defaults', 'services', ...DAEMON_NAMES, ...ATTRIBUTE_NAMES]) {
    expect(page, name).toMatch(new RegExp(`^### \`${name}\`$`, 'm'));
  }
});

const OF_THE_TOP: readonly string[] = ['version', 'include', 'defaults', 'services', ...DAEMON_NAMES];
const SERVICE = { listen: 'tcp://127.0.0.1:0', server: '/bin/true' };

test('every example in docs/reference/configuration.md is well-formed', () => {
  const sections = readFileSync(REFERENCE, 'utf8').split(/^### /m).slice(1);
  for (const section of sections) {
    const [, name = ''] = /^`(\w+)`/.exec(section) ?? [];
    const [, text = ''] = /^```yaml\n([\s\S]*?)^```$/m.exec(section) ?? [];
    const written = parse(text);
    const document = OF_THE_TOP.includes(name) ? written : { services: { s: { ...SERVICE, ...written } } };
    expect(documentSchema().safeParse({ version: 1, ...document }).error?.issues, text).toBeUndefined();
  }
});

test('the schema and the loader agree on what is well-formed', () => {
  const attributes: readonly Readonly<Record<string, unknown>>[] = [
    {},
    { nice: 5, umask: '077', groups: ['daemon', 7], rlimits: { nofile: { soft: 1, hard: 'unlimited' } } },
    { nice: 50 },
    { instances: 0 },
    { instances: 'unlimited' },
    { nmae: 1 },
    { env: { '1A': 'x' } },
    { rlimits: { nofile: { soft: 1 } } },
    { listen: [] },
  ];
  for (const each of attributes) {
    const text = oneService(each);
    const isValid = documentSchema().safeParse(JSON.parse(text)).success;
    expect(loadText(text).config !== undefined, text).toBe(isValid);
  }
});
