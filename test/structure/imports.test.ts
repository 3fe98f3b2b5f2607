import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type Source, typescriptSources } from './sources.ts';

/**
 * What each folder of src may import besides itself. No arrow points up, and folders that are not listed for
 * each other meet as values inside dispatcher/ (DESIGN §8).
 */
const LAYERS: Readonly<Record<string, readonly string[]>> = {
  model: [],
  events: ['model'],
  native: ['model'],
  config: ['model'],
  convert: ['model', 'config'],
  compile: ['model'],
  audit: ['model', 'config'],
  admission: ['model'],
  listeners: ['model', 'native'],
  launch: ['model', 'native'],
  builtins: ['model', 'native'],
  relay: ['model', 'native'],
  'proxy-protocol': ['model'],
  // Its process locks itself down, as the dispatcher does.
  resolver: ['model', 'native', 'compile'],
  supervise: ['model'],
  control: ['model'],
  logging: ['model', 'events'],
  metrics: ['model', 'events'],
  // A library of its own, of which the program uses nothing.
  handler: ['model', 'native'],
  dispatcher: [
    ...['model', 'events', 'native', 'config', 'compile', 'admission', 'listeners', 'launch', 'builtins'],
    ...['relay', 'proxy-protocol', 'resolver', 'supervise', 'control', 'logging', 'metrics'],
  ],
  cli: [
    'model',
    'events',
    'native',
    'config',
    'convert',
    'compile',
    'audit',
    'admission',
    'control',
    'resolver',
    'logging',
    'dispatcher',
  ],
  'main.ts': ['cli', 'dispatcher', 'resolver'],
};

/** Where each package of npm may be imported: a folder, or single files. */
const DOORS: Readonly<Record<string, readonly string[]>> = {
  yargs: ['src/cli/'],
  zod: [
    'src/config/schema.ts',
    'src/config/schema-admission.ts',
    'src/config/schema-builtin.ts',
    'src/config/schema-cgroup.ts',
    'src/config/schema-daemon.ts',
    'src/config/schema-filter.ts',
    'src/config/schema-handler.ts',
    'src/config/schema-life.ts',
    'src/config/schema-sandbox.ts',
    'src/config/schema-log.ts',
    'src/config/schema-parts.ts',
    'src/config/schema-pool.ts',
    'src/config/schema-proxy.ts',
    'src/config/schema-relay.ts',
    'src/config/schema-socket.ts',
    'src/config/schema-tls.ts',
    'src/config/validate.ts',
    'src/config/issue.ts',
    'src/control/protocol.ts',
  ],
  'prom-client': ['src/metrics/'],
  winston: ['src/logging/'],
  'ipaddr.js': ['src/model/address.ts'],
  chokidar: ['src/dispatcher/watch.ts'],
  saxes: ['src/convert/launchd/read-xml.ts'],
  yaml: ['src/config/syntax.ts', 'src/config/render-yaml.ts'],
};

/** Finding out where a dependency is installed is not using it. */
const LOCATED = { path: 'src/cli/install.ts', from: 'winston/package.json' };

const sources = typescriptSources();

function nameOfPackage(from: string): string | undefined {
  if (from.startsWith('.') || from.startsWith('node:')) return undefined;
  return from.split('/', from.startsWith('@') ? 2 : 1).join('/');
}

/** One line for each import that `isAllowed` says no to. */
function offences(
  isAllowed: (source: Source, imported: Source['imports'][number]) => boolean,
): readonly string[] {
  return sources.flatMap((source) =>
    source.imports.filter((it) => !isAllowed(source, it)).map((it) => `${source.path} imports '${it.from}'`),
  );
}

test('there are sources, and their imports are seen', () => {
  expect(sources.length).toBeGreaterThan(80);
  const main = sources.find(({ path }) => path === 'src/main.ts');
  expect(main?.imports.map(({ from }) => from)).toContain('./cli/run-command-line.ts');
});

test('every folder of src has a place in the layers (DESIGN §8)', () => {
  expect([...new Set(sources.map(({ folder }) => folder))].filter((folder) => !(folder in LAYERS))).toEqual(
    [],
  );
});

test('imports only go down, and siblings do not import each other (DESIGN §8)', () => {
  const isAllowed = (source: Source, { path }: { path: string | undefined }) => {
    const folder = path?.split('/')[1];
    return folder === undefined || folder === source.folder || (LAYERS[source.folder] ?? []).includes(folder);
  };
  expect(offences(isAllowed)).toEqual([]);
});

test('no two files import each other in a circle', () => {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) circles.push([...trail.slice(trail.indexOf(path)), path].join(' > '));
    if (done.has(path) || trail.includes(path)) return;
    for (const next of byPath.get(path)?.imports ?? []) if (next.path) visit(next.path, [...trail, path]);
    done.add(path);
  };
  for (const { path } of sources) visit(path, []);
  expect(circles).toEqual([]);
});

test('each package of npm has one door (DESIGN §8)', () => {
  const isAllowed = ({ path }: Source, { from }: { from: string }) => {
    const name = nameOfPackage(from);
    if (name === undefined || (path === LOCATED.path && from === LOCATED.from)) return true;
    return (DOORS[name] ?? []).some((door) => (door.endsWith('/') ? path.startsWith(door) : path === door));
  };
  expect(offences(isAllowed)).toEqual([]);
});

test('a file of ours is imported from where it is defined, by a name with its extension', () => {
  const isAllowed = (_: Source, { from, path }: { from: string; path: string | undefined }) =>
    path === undefined || (/\.(ts|node|json)$/.test(from) && existsSync(path));
  expect(offences(isAllowed)).toEqual([]);
  expect(sources.filter(({ path }) => path.endsWith('/index.ts')).map(({ path }) => path)).toEqual([]);
});

test('nothing starts processes or threads, or traces, through Node (DESIGN §3, S17, S110)', () => {
  const banned = ['child_process', 'cluster', 'async_hooks', 'worker_threads'];
  expect(offences((_, { from }) => !banned.includes(from.replace(/^node:/, '')))).toEqual([]);
});

test('the inspector is only looked for, and shut, before zinetd starts (S131, S133)', () => {
  const isAllowed = ({ folder }: Source, { from }: { from: string }) =>
    !/^(node:)?inspector$/.test(from) || ['main.ts', 'cli'].includes(folder);
  expect(offences(isAllowed)).toEqual([]);
});
