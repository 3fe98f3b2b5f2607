import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { jsonRenderer } from '../../src/logging/json-record.ts';
import { EVENT_LEVELS } from '../../src/logging/level.ts';
import { FAILURE_FIELDS, RECORD_FIELDS, SUCCESS_FIELDS } from '../../src/model/log-policy.ts';
import { SAMPLE_EVENTS } from '../logging/sample-events.ts';

const page = readFileSync('docs/reference/logs.md', 'utf8');
const COMMON = ['time', 'level', 'event', 'service', 'peer', 'message'];

/** The rows of the tables under a heading, each with its first cell. */
function rowsUnder(heading: string): ReadonlyMap<string, string> {
  const [, section = ''] = page.split(`\n## ${heading}\n`);
  const [text = ''] = section.split('\n## ');
  const rows = [...text.matchAll(/^\| (`[^|]+`) \|(.*)\|$/gm)];
  const entries = rows.flatMap(([, names = '', rest = '']) =>
    [...names.matchAll(/`([^`]+)`/g)].map(([, name = '']): [string, string] => [name, rest]),
  );
  return new Map(entries);
}

/** The table that begins with such a cell. */
function tableOf(head: string): readonly string[] {
  const [, rest = ''] = page.split(`\n| \`${head}\` | further keys |\n`);
  const [table = ''] = rest.split('\n\n');
  return [...table.matchAll(/^\| `([^`]+)` \|/gm)].map(([, name = '']) => name);
}

test('docs/reference/logs.md has a row for each event, and no other', () => {
  expect([...tableOf('event')].sort()).toEqual(Object.keys(EVENT_LEVELS).sort());
});

test('there is a sample of each event', () => {
  const sampled = new Set<string>(SAMPLE_EVENTS.map(({ type }) => type));
  expect(Object.keys(EVENT_LEVELS).filter((event) => !sampled.has(event))).toEqual([]);
});

test.each(SAMPLE_EVENTS.map((event): [string, string] => [event.type, jsonRenderer()(event, 0) ?? '{}']))(
  'each key of %s is in its row of docs/reference/logs.md',
  (type, line) => {
    const row = rowsUnder('JSON').get(type) ?? '';
    const documented = type === 'closed' ? rowsUnder('JSON').get('listening') : row;
    const isOther = (key: string): boolean => !COMMON.includes(key) && !documented?.includes(`\`${key}\``);
    const hasSame = /the same/.test(row) ? rowsUnder('JSON').get('rpc-registered') : '';
    expect(
      Object.keys(JSON.parse(line)).filter((key) => isOther(key) && !hasSame?.includes(`\`${key}\``)),
    ).toEqual([]);
  },
);

test('docs/reference/logs.md has each field of log_on_success, log_on_failure and of templates', () => {
  const fields = rowsUnder('What is recorded');
  expect([...SUCCESS_FIELDS, ...FAILURE_FIELDS].filter((field) => !fields.has(field))).toEqual([]);
  const templates = rowsUnder('Templates');
  expect(RECORD_FIELDS.filter((field) => !templates.has(`{${field}}`))).toEqual([]);
});
