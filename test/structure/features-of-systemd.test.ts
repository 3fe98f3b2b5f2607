import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { allCommands } from '../../scripts/command-facts.ts';
import { parseListen } from '../../src/config/listen.ts';
import { jsonSchema } from '../../src/config/schema.ts';
import { filesBelow } from './sources.ts';

/** One for each of the tables of what super-servers have. */
const TITLES = [
  'What they listen on',
  'How they serve',
  'What their handlers find',
  'Whom they let in',
  'What they limit',
  'What they log',
  'What they serve themselves',
  'Their RPC and tcpmux',
  'How they live',
  'How they confine',
  'Coming from them',
  'How they are operated',
];

type Row = Readonly<Record<'feature' | 'owner' | 'answer' | 'shownBy', string>>;

const page = readFileSync('docs/features.md', 'utf8');
const [, behind = ''] = page.split('\n## What systemd and s6 have\n');
const [section = ''] = behind.split('\n## ');
const parts = section
  .split('\n### ')
  .slice(1)
  .map((text) => ({ title: text.slice(0, text.indexOf('\n')), rows: rowsOf(text) }));
const allRows = parts.flatMap(({ rows }) => rows);

function rowsOf(text: string): readonly Row[] {
  const lines = text.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| feature |'));
  return lines.map((line) => {
    const [feature = '', owner = '', answer = '', shownBy = ''] = line.slice(2, -2).split(' | ');
    return { feature, owner, answer, shownBy };
  });
}

function codeIn(text: string): readonly string[] {
  return Array.from(text.matchAll(/`([^`]+)`/g), ([, code = '']) => code);
}

/** Names of settings and words for them, wherever they stand below a part of the schema. */
function wordsOf(schema: unknown): readonly string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const { enum: choices = [], const: only, properties = {} } = schema as Record<string, unknown>;
  const own = [...(choices as readonly unknown[]), only, ...Object.keys(properties as object)];
  return [...own.filter((word) => typeof word === 'string'), ...Object.values(schema).flatMap(wordsOf)];
}

interface Node {
  readonly properties: Readonly<Record<string, Node>>;
  readonly additionalProperties: Node;
}

const top = jsonSchema() as unknown as Node;
const attributes: Readonly<Record<string, Node>> = {
  ...top.properties,
  ...top.properties['services']?.additionalProperties.properties,
};
const options = new Set(allCommands().flatMap((command) => command.options.map(({ name }) => name)));
const reference = filesBelow('docs/reference', ['.md']).map((path) => readFileSync(path, 'utf8'));

function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return [...(Array.isArray(value) ? [] : Object.keys(value)), ...Object.values(value).flatMap(textsIn)];
}

/** `name`, or `name: value` as YAML, whose words must be those of that setting. */
function isAttribute(code: string): boolean {
  const [, name = ''] = /^([a-z][a-z0-9_]*)(?:: |$)/.exec(code) ?? [];
  const schema = attributes[name];
  if (!schema) return false;
  const known = [name, ...wordsOf(schema)];
  return textsIn(parse(code)).every((word) => known.includes(word));
}

/** Whether zinetd has what a piece of code names. What begins with a capital is a record or a variable. */
function isThere(code: string): boolean {
  if (code.startsWith('zinetd ')) return true; // test/docs/command-lines.test.ts looks at these
  if (code.startsWith('--')) return options.has(code.slice(2)) || ['--version', '--help'].includes(code);
  if (code.includes('://')) return !('reason' in parseListen(code.replace('PORT', '1').replace('CID', '3')));
  if (/^[A-Z]/.test(code)) return reference.some((text) => text.includes(`\`${code}`));
  return isAttribute(code);
}

function linesOf(rows: readonly Row[]): readonly string[] {
  return rows.map(({ feature, answer, shownBy }) => `${feature}: ${answer} (${shownBy})`);
}

describe('what docs/features.md says of systemd and s6', () => {
  test('is about all that they may have, each with rows of four cells', () => {
    expect(parts.map(({ title }) => title)).toEqual(TITLES);
    expect(parts.filter(({ rows }) => rows.length === 0)).toEqual([]);
    expect(allRows.length).toBeGreaterThan(200);
    const whole = ({ owner, shownBy }: Row) => /systemd|s6|both|neither|UCSPI/.test(owner) && shownBy !== '';
    expect(linesOf(allRows.filter((row) => !whole(row)))).toEqual([]);
  });

  test('names a test that is there, or says that there is no such thing, and why', () => {
    const isMissing = ({ shownBy }: Row) => shownBy === 'none: not there';
    const saysSo = ({ answer }: Row) => /^not there: \S/.test(answer);
    expect(linesOf(allRows.filter((row) => isMissing(row) !== saysSo(row)))).toEqual([]);
    const shown = allRows.filter((row) => !isMissing(row));
    const isShown = ({ shownBy }: Row) => codeIn(shownBy).length > 0 && codeIn(shownBy).every(existsSync);
    expect(linesOf(shown.filter((row) => !isShown(row)))).toEqual([]);
  });

  test('names only settings, commands, options and records that zinetd has', () => {
    const odd = allRows.flatMap(({ feature, answer }) =>
      codeIn(answer)
        .filter((code) => !isThere(code))
        .map((code) => `${feature}: ${code}`),
    );
    expect(odd).toEqual([]);
  });
});

test('a setting, an option or a value that does not exist is noticed', () => {
  const known = [
    'cps',
    'keepalive: {idle}',
    'builtin: qotd',
    '--grace',
    'unix:///PATH',
    'fd://NAME',
    'START',
  ];
  expect(known.filter((code) => !isThere(code))).toEqual([]);
  const unknown = ['cpss', 'keepalive: {idl}', 'builtin: quote', '--grade', 'tpc://HOST:PORT', 'Nicest'];
  expect(unknown.filter(isThere)).toEqual([]);
});
