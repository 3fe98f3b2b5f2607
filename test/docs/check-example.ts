import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { renderDiagnostics } from '../../src/config/render-diagnostics.ts';
import { DAEMON_NAMES } from '../../src/config/schema.ts';
import { fakeHost } from '../config/fake-host.ts';
import { loadText } from '../config/load-text.ts';
import { scratch } from '../harness/scratch.ts';

const TOP: readonly string[] = ['version', 'include', 'defaults', 'services', ...DAEMON_NAMES];
/** Attributes beside which a service needs no program. */
const WITHOUT_PROGRAM = ['server', 'builtin', 'sensor', 'redirect'];
const PROGRAM_KEYS = ['server', 'program'];
const FILE_KEYS = ['banner', 'banner_success', 'banner_fail', 'qotd_file'];

/** A fragment as a document: some top-level settings, or attributes of one service. */
function documentOf(text: string, keys: readonly string[]): string {
  if (keys.includes('version')) return text;
  if (keys.every((key) => TOP.includes(key))) return `version: 1\n${text}`;
  const lacks = (names: readonly string[]): boolean => !names.some((name) => keys.includes(name));
  const attributes = [
    ...(lacks(['listen']) ? ['listen: tcp://127.0.0.1:7000'] : []),
    ...(keys.includes('ident') ? ['builtin: ident'] : []),
    ...(keys.includes('qotd_file') ? ['builtin: qotd'] : []),
    ...(lacks([...WITHOUT_PROGRAM, 'ident', 'qotd_file']) ? ['server: /bin/true'] : []),
    ...(lacks([...WITHOUT_PROGRAM.slice(1), 'ident', 'qotd_file', 'user', 'dynamic_user'])
      ? ['user: nobody']
      : []),
    ...text.split('\n'),
  ];
  return `version: 1\nservices:\n  example:\n${attributes.map((line) => `    ${line}`).join('\n')}\n`;
}

interface StandIns {
  readonly text: string;
  readonly list: string;
  readonly variables: string;
}

/** What stands for a value that names something of a machine that is not here; undefined for another value. */
function standInFor(key: string, value: string, files: StandIns): string | undefined {
  if (PROGRAM_KEYS.includes(key) && value.startsWith('/')) return '/bin/true';
  if (FILE_KEYS.includes(key)) return files.text;
  if (key === 'env_file') return files.variables;
  if (key === 'credentials' && value.startsWith('/')) return files.list;
  return value.startsWith('file:/') ? `file:${files.list}` : undefined;
}

/** Every text below a value, with the key that it belongs to. */
function textsIn(value: unknown, key = ''): readonly { readonly key: string; readonly value: string }[] {
  if (typeof value === 'string') return [{ key, value }];
  if (Array.isArray(value)) return value.flatMap((each) => textsIn(each, key));
  if (typeof value !== 'object' || value === null) return [];
  // What is in there has names of its own.
  const nameOf = (name: string): string => (key === 'credentials' ? key : name);
  return Object.entries(value).flatMap(([name, below]) => textsIn(below, nameOf(name)));
}

function withStandIns(document: string): string {
  const directory = scratch('example');
  const [text, list, variables] = ['text', 'list', 'variables'].map((name) => join(directory, name)) as [
    string,
    string,
    string,
  ];
  const files = { text, list, variables };
  writeFileSync(files.text, 'a text\n');
  writeFileSync(files.list, '192.0.2.0/24\n');
  writeFileSync(files.variables, 'NAME=value\n');
  return textsIn(parse(document)).reduce((written, { key, value }) => {
    const standIn = standInFor(key, value, files);
    return standIn === undefined ? written : written.replaceAll(value, standIn);
  }, document);
}

/** Machines of readers have the users and groups that examples name. */
const host = fakeHost({
  ...{ ownerUid: process.getuid?.() ?? 0, findGroup: () => 33, findPort: () => 79 },
  findUser: (name) => ({ name, uid: name === 'root' ? 0 : 65_534, gid: 65_534 }),
  findAddresses: () => [Uint8Array.of(192, 0, 2, 10)],
});

/** What `check` says of an example, apart from warnings: nothing if it is right. */
export function checkExample(text: string): string {
  const document = documentOf(text, Object.keys(parse(text)));
  // The text of a caller cannot include anything; what is included is no part of the example either.
  const alone = withStandIns(document).replace(/^include:.*\n/m, '');
  const { diagnostics } = loadText(alone, host);
  return renderDiagnostics(diagnostics.filter(({ severity }) => severity === 'error'));
}
