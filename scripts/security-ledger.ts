import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ALONE } from '../vitest.config.ts';
import { ledgerNames } from './ledger-names.mjs';
import { BARS, SECURITY_GROUPS, type SecurityEntry } from './notes/security-entries.ts';
import { type NamedTest, namedTests } from './test-titles.ts';

export type Layer = 'unit' | 'property' | 'fuzz' | 'structure' | 'integration' | 'load';

export interface LedgerTest {
  readonly path: string;
  readonly title: string;
  readonly layer: Layer;
}

/** A guard without which a test of an entry fails: scripts/mutants.mjs takes it out. */
export interface Mutant {
  readonly name: string;
  readonly file: string;
  readonly guard: string;
  readonly without: string;
  readonly test: string;
}

/** An entry with what the sources say of it. */
export interface LedgerEntry extends SecurityEntry {
  readonly tests: readonly LedgerTest[];
  readonly guards: readonly string[];
  readonly mutants: readonly Mutant[];
}

export interface LedgerGroup {
  readonly title: string;
  readonly entries: readonly LedgerEntry[];
}

/** The ledger, and what is named that is not in it. */
export interface Ledger {
  readonly groups: readonly LedgerGroup[];
  readonly bars: readonly LedgerEntry[];
  /** Tests with a name that no entry has. */
  readonly strangers: readonly string[];
}

/** Those with real processes: of the program, or of the other programs that it is held to. */
const PROCESSES =
  /harness\/(start-|run-|zinetd-command|describe-inetd)|\/(run-(zinetd|client|spawner)|start-resolver|real-dispatcher|play-client)\.ts/;
const OF_PROCESSES = ['integration', 'daemons', 'suites', 'differential', 'container', 'package', 'smoke'];
const OF_SOURCES = ['structure', 'docs'];

function filesBelow(directory: string, suffix: RegExp): readonly string[] {
  const names = readdirSync(directory, { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => suffix.test(name))
    .map((name) => join(directory, name))
    .sort();
}

function layerOf(path: string, { file, test }: { file: string; test: NamedTest }): Layer {
  const folder = path.split('/')[1] ?? '';
  if (ALONE.includes(path)) return 'load';
  if (OF_SOURCES.includes(folder)) return 'structure';
  if (OF_PROCESSES.includes(folder)) return 'integration';
  if (/\bfuzz\(/.test(test.code)) return 'fuzz';
  if (/\bfc\./.test(test.code)) return 'property';
  return PROCESSES.test(file) ? 'integration' : 'unit';
}

function add<T>(map: Map<string, T[]>, { key, value }: { key: string; value: T }): void {
  const values = map.get(key);
  if (values === undefined) map.set(key, [value]);
  else values.push(value);
}

function testsByName(): ReadonlyMap<string, readonly LedgerTest[]> {
  const byName = new Map<string, LedgerTest[]>();
  for (const path of filesBelow('test', /\.test\.ts$/)) {
    const file = readFileSync(path, 'utf8');
    // Most have none, and a syntax tree costs far more than this.
    if (ledgerNames(file).length === 0) continue;
    for (const test of namedTests(file)) {
      const value = { path, title: test.title, layer: layerOf(path, { file, test }) };
      for (const key of test.names) add(byName, { key, value });
    }
  }
  return byName;
}

/** Names that comments of the sources have, with their files. */
function guardsByName(): ReadonlyMap<string, readonly string[]> {
  const byName = new Map<string, string[]>();
  for (const path of filesBelow('src', /\.(ts|c|h)$/)) {
    const names = new Set(ledgerNames(readFileSync(path, 'utf8')));
    for (const key of names) add(byName, { key, value: path });
  }
  return byName;
}

function readMutants(): readonly Mutant[] {
  return JSON.parse(readFileSync(new URL('./notes/mutants.json', import.meta.url), 'utf8'));
}

export function readLedger(): Ledger {
  const tests = testsByName();
  const guards = guardsByName();
  const mutants = readMutants();
  const complete = (entry: SecurityEntry): LedgerEntry => ({
    ...entry,
    tests: tests.get(entry.name) ?? [],
    guards: [...new Set([...(entry.guards ?? []), ...(guards.get(entry.name) ?? [])])],
    mutants: mutants.filter(({ name }) => name === entry.name),
  });
  const groups = SECURITY_GROUPS.map(({ title, entries }) => ({ title, entries: entries.map(complete) }));
  const bars = BARS.map(complete);
  const known = new Set([...groups.flatMap(({ entries }) => entries), ...bars].map(({ name }) => name));
  const strangers = [...tests].filter(([name]) => !known.has(name));
  return {
    groups,
    bars,
    strangers: strangers.flatMap(([name, of]) => of.map(({ path, title }) => `${name}: ${path}: ${title}`)),
  };
}
