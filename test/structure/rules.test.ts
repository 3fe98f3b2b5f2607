import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { filesBelow, typescriptSources, withoutComments } from './sources.ts';

/** Something that code may not say, except where it is meant. */
interface Rule {
  readonly title: string;
  readonly pattern: RegExp;
  /** What it is meant to find. */
  readonly example: string;
  /** Beginnings of the paths of files that may. */
  readonly allowed: readonly string[];
}

const RULES: readonly Rule[] = [
  {
    // serve() of the library is the main of handlers.
    title: 'only cli/ and the main modules end a process (DESIGN §8)',
    pattern: /\bprocess\.(exit|exitCode|abort|kill|reallyExit)\b/,
    example: 'process.exit(1)',
    allowed: [
      ...['src/main.ts', 'src/cli/', 'src/dispatcher/main.ts', 'src/resolver/main.ts'],
      'src/handler/serve.ts',
    ],
  },
  {
    // Merely touching process.stdout leaves O_NONBLOCK on a pipe that others share.
    title: 'nothing prints through console or process.stdout (DESIGN §3, S16)',
    pattern: /\bconsole\.|\bprocess\.(stdout|stderr|stdin)\b/,
    example: 'process.stdout.write(text)',
    allowed: [],
  },
  {
    // The resolver is a process of its own: its main is to it what dispatcher/ is to the dispatcher.
    // A command that waits for a daemon is one as well, and has one place for its deadlines.
    // So is a handler.
    title:
      'only dispatcher/, the main of the resolver, own-process.ts and start-timer.ts start timers (DESIGN §8)',
    pattern: /\b(setTimeout|setInterval|setImmediate)\s*\(|\btimers\b/,
    example: 'setTimeout(callback, 10)',
    allowed: [
      ...['src/dispatcher/', 'src/resolver/main.ts', 'src/cli/start-timer.ts'],
      'src/handler/own-process.ts',
    ],
  },
  {
    title: 'only dispatcher/ emits events (DESIGN §8)',
    pattern: /\.emit\(\s*\{/,
    example: 'bus.emit({ type })',
    allowed: ['src/dispatcher/'],
  },
  {
    title: 'no service is accepted by net.Server (DESIGN §3, S17)',
    pattern: /\bcreateServer\b|\bnet\.Server\b|\bnew Server\b/,
    example: 'createServer(serve)',
    allowed: ['src/control/'],
  },
  {
    // io_uring and six other threads would keep the old identity.
    title: 'Node never changes its own identity (S38)',
    pattern: /\bprocess\.(set(e?[ug]id|groups)|initgroups)\b/,
    example: 'process.setuid(1)',
    allowed: [],
  },
  {
    title: 'nothing relies on async_hooks or AsyncLocalStorage (S110)',
    pattern: /\basync_hooks\b|\bAsync(LocalStorage|Resource)\b/,
    example: 'new AsyncLocalStorage()',
    allowed: [],
  },
  {
    title: 'no text is run as code',
    pattern: /\beval\s*\(|\bnew Function\b|\bnode:vm\b/,
    example: 'new Function(text)',
    allowed: [],
  },
];

const HARD_LINES = 300;
/** Tables, schemas, and the one file of Node-API glue. */
const LONG = [
  'src/native/addon/addon.c',
  'src/config/schema.ts',
  'src/model/syscall-numbers.ts',
  'src/model/syscall-groups.ts',
];

const sources = typescriptSources();

describe('the sources', () => {
  for (const { title, pattern, example, allowed } of RULES) {
    test(title, () => {
      expect(example).toMatch(pattern);
      const found = sources
        .filter(({ path }) => !allowed.some((beginning) => path.startsWith(beginning)))
        .flatMap(({ path, code }) => {
          const line = code.split('\n').find((it) => pattern.test(it));
          return line === undefined ? [] : [`${path}: ${line.trim()}`];
        });
      expect(found).toEqual([]);
    });
  }

  test('no file is longer than 300 lines (STYLE 5)', () => {
    const long = filesBelow('src', ['.ts', '.c', '.h'])
      .filter((path) => !LONG.includes(path))
      .map((path) => ({ path, lines: readFileSync(path, 'utf8').split('\n').length - 1 }))
      .filter(({ lines }) => lines > HARD_LINES);
    expect(long).toEqual([]);
  });

  test('names of files are kebab-case (STYLE 3)', () => {
    const odd = filesBelow('src', ['.ts', '.c', '.h']).filter((path) => !/^[a-z0-9./-]+$/.test(path));
    expect(odd).toEqual([]);
  });

  test('the spawner stays within its budget of 4,900 lines of code (decision 10)', () => {
    const lines = filesBelow('src/native/spawner', ['.c', '.h']).flatMap((path) =>
      withoutComments(readFileSync(path, 'utf8'))
        .split('\n')
        .filter((line) => line.trim() !== ''),
    );
    expect(lines.length).toBeGreaterThan(500);
    expect(lines.length).toBeLessThanOrEqual(4900);
  });

  test('the program does not look for its interpreter in PATH (S132)', () => {
    const [first = ''] = readFileSync('src/main.ts', 'utf8').split('\n', 1);
    expect(first).toMatch(/^#!\//);
    expect(first).not.toContain('env');
  });
});
