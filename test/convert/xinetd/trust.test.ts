import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { newBudget } from '../../../src/config/budget.ts';
import { Report } from '../../../src/config/report.ts';
import { readXinetd } from '../../../src/convert/xinetd/read-xinetd.ts';
import { describeWith } from '../../harness/describe-with.ts';
import { defaults, service } from './convert-text.ts';

const home = mkdtempSync(join(inject('testHome'), 'xinetd-'));

/** A directory with these files; `@HERE@` in one of them is the directory. */
function write(files: Readonly<Record<string, string | Buffer>>): string {
  const directory = mkdtempSync(join(home, 'case-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(directory, name, '..'), { recursive: true });
    const written = typeof text === 'string' ? text.replaceAll('@HERE@', directory) : text;
    writeFileSync(join(directory, name), written, { mode: 0o644 });
  }
  return directory;
}

interface Read {
  /** Undefined: nothing runs. */
  readonly services: readonly string[] | undefined;
  readonly places: readonly string[];
  readonly messages: readonly string[];
}

function read(...paths: readonly string[]): Read {
  const report = new Report({ leavesOut: true });
  const { root } = readXinetd(paths, { report, ownerUid: process.getuid?.() ?? 0, budget: newBudget() });
  const services = root?.entries.get('services')?.value;
  const diagnostics = report.diagnostics();
  return {
    services: services?.kind === 'map' ? [...services.entries.keys()] : undefined,
    places: diagnostics.map(
      ({ span, code }) => `${span.file.slice(home.length + 12)}:${span.range?.line ?? '-'} ${code}`,
    ),
    messages: diagnostics.map(({ message }) => message),
  };
}

const CONF = 'includedir @HERE@/d\n';

describe('the files of a directory (S103)', () => {
  test('are read in the order of strcmp(3), but for names with a dot and those that end in "~"', () => {
    const names = [
      'Z',
      'a',
      '#a#',
      'a-b',
      'ab',
      'a~',
      '.a.swp',
      'a.rpmnew',
      'a.dpkg-old',
      'a.',
      'é',
      '10',
      '9',
    ];
    const files = Object.fromEntries(
      names.map((name, index) => [`d/${name}`, service(`s${index}`, `id = i${index}`)]),
    );
    const { services, places, messages } = read(
      join(write({ 'xinetd.conf': CONF, ...files }), 'xinetd.conf'),
    );
    const order = ['#a#', '10', '9', 'Z', 'a', 'a-b', 'ab', 'é'].map((name) => `i${names.indexOf(name)}`);
    expect(services).toEqual(order);
    expect(places).toEqual(['/xinetd.conf:1 xinetd/skipped-file']);
    expect(messages[0]).toContain('Skipped ".a.swp", "a.", "a.dpkg-old" and 2 more');
  });

  test('are regular files, or links to some; what is none is skipped and told', () => {
    const directory = write({
      'xinetd.conf': CONF,
      'd/a': service('a'),
      real: service('b'),
      'd/sub/c': service('c'),
    });
    symlinkSync('../real', join(directory, 'd/b'));
    symlinkSync('nowhere', join(directory, 'd/dangling'));
    symlinkSync('/dev/null', join(directory, 'd/null'));
    execFileSync('mkfifo', [join(directory, 'd/fifo')]);
    const { services, places, messages } = read(join(directory, 'xinetd.conf'));
    expect(services).toEqual(['a', 'b']);
    expect(places).toEqual(Array.from({ length: 4 }, () => '/xinetd.conf:1 xinetd/skipped-file'));
    const names = messages.map((message) => /"[^"]*\/(\w+)"/.exec(message)?.[1]);
    expect(names.toSorted()).toEqual(['dangling', 'fifo', 'null', 'sub']);
  });

  test('may be ten thousand, and are more than can be read if they are services', () => {
    const many = (text: string): string =>
      write({
        'xinetd.conf': `${CONF}${service('x')}`,
        ...Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`d/${index}`, text])),
      });
    expect(read(join(many('# nothing\n'), 'xinetd.conf'))).toEqual({
      services: ['x'],
      places: [],
      messages: [],
    });
    const { services, places } = read(join(many(service('y')), 'xinetd.conf'));
    expect(services).toBeUndefined();
    expect(places).toHaveLength(1);
    expect(places[0]).toMatch(/^\/d\/\d+:\d+ config\/too-many-nodes$/);
  }, 60_000);

  test('can be named on the command line like files, a directory by the same rule', () => {
    const directory = write({
      a: service('a'),
      'b.conf': service('b'),
      'd/c': service('c'),
      'd/d.x': service('d'),
    });
    const { services, places } = read(join(directory, 'b.conf'), join(directory, 'd'), join(directory, 'a'));
    expect(services).toEqual(['b', 'c', 'a']);
    expect(places).toEqual(['/d:- xinetd/skipped-file']);
  });
});

describe('what is included', () => {
  test('and does not exist is told, and the rest runs, as in xinetd', () => {
    const text = `include @HERE@/none\nincludedir @HERE@/nowhere\n${service('x')}`;
    expect(read(join(write({ c: text }), 'c'))).toMatchObject({
      services: ['x'],
      places: ['/c:1 xinetd/include', '/c:2 xinetd/include'],
    });
  });

  test('by a relative path ends everything: the daemon stands elsewhere', () => {
    for (const line of ['include a', 'includedir d']) {
      const directory = write({ c: `${line}\n${service('x')}`, a: service('a'), 'd/b': service('b') });
      expect(read(join(directory, 'c'))).toMatchObject({
        services: undefined,
        places: ['/c:1 xinetd/include'],
      });
    }
  });

  test('twice, or by itself, is read once', () => {
    const directory = write({
      c: `include @HERE@/a\nincludedir @HERE@/d\n${service('x')}`,
      a: `include @HERE@/c\ninclude @HERE@/a\n${service('a')}`,
      'd/b': `includedir @HERE@/d\n${service('b')}`,
    });
    const { services, places } = read(join(directory, 'c'));
    expect(services).toEqual(['a', 'b', 'x']);
    expect(places).toEqual(['/a:1 xinetd/include', '/a:2 xinetd/include', '/d/b:1 xinetd/include']);
  });

  test('32 deep is enough; more ends everything', () => {
    const chain = (length: number): string =>
      write(
        Object.fromEntries(
          Array.from({ length }, (_, index) => [
            `f${index}`,
            `${index + 1 < length ? `include @HERE@/f${index + 1}\n` : ''}${service(`s${index}`)}`,
          ]),
        ),
      );
    expect(read(join(chain(33), 'f0'))).toMatchObject({ places: [] });
    expect(read(join(chain(40), 'f0'))).toMatchObject({
      services: undefined,
      places: ['/f32:1 xinetd/include'],
    });
  });

  test('may be in another encoding, as long as only comments are', () => {
    const text = Buffer.from(`# gr\xfc\xdfe\n${service('a')}`, 'latin1');
    expect(read(join(write({ a: text }), 'a'))).toMatchObject({ services: ['a'], places: [] });
  });
});

describe('files that somebody else could write (S104) end everything, since nobody knows what they would say', () => {
  const files = {
    'xinetd.conf': `include @HERE@/sub/a\nincludedir @HERE@/d\n${service('x')}`,
    'sub/a': defaults('only_from = 10.0.0.0'),
    'd/b': service('b'),
  };

  test('but these do not', () => {
    expect(read(join(write(files), 'xinetd.conf')).services).toEqual(['b', 'x']);
  });

  test.each(['xinetd.conf', 'sub/a', 'd/b', 'sub', 'd'])('everybody may write to %s', (name) => {
    const directory = write(files);
    chmodSync(join(directory, name), name === 'sub' || name === 'd' ? 0o777 : 0o666);
    const { services, places } = read(join(directory, 'xinetd.conf'));
    expect(services).toBeUndefined();
    expect(places).toHaveLength(1);
    expect(places[0]).toContain('config/untrusted-path');
  });

  test('a link leads through a directory that everybody may write to', () => {
    const directory = write({
      'xinetd.conf': `includedir @HERE@/d\n${service('x')}`,
      'open/b': service('b'),
      'd/a': service('a'),
    });
    symlinkSync('../open/b', join(directory, 'd/b'));
    chmodSync(join(directory, 'open'), 0o777);
    expect(read(join(directory, 'xinetd.conf'))).toMatchObject({
      services: undefined,
      places: ['/xinetd.conf:1 config/untrusted-path'],
    });
  });

  test('a file named on the command line', () => {
    const directory = write({ a: service('a'), b: service('b') });
    chmodSync(join(directory, 'b'), 0o666);
    expect(read(join(directory, 'a'), join(directory, 'b')).services).toBeUndefined();
    expect(read(join(directory, 'a'), join(directory, 'none')).services).toBeUndefined();
  });
});

describeWith('files of somebody else (S104)', { needs: ['root'] }, () => {
  test.each(['xinetd.conf', 'd/b', 'd'])('%s belongs to another user', (name) => {
    const directory = write({ 'xinetd.conf': `${CONF}${service('x')}`, 'd/b': service('b') });
    chownSync(join(directory, name), 65534, 65534);
    const { services, places } = read(join(directory, 'xinetd.conf'));
    expect(services).toBeUndefined();
    expect(places[0]).toContain('config/untrusted-path');
  });

  test('the group may write to it', () => {
    const directory = write({ 'xinetd.conf': service('x') });
    chmodSync(join(directory, 'xinetd.conf'), 0o664);
    expect(read(join(directory, 'xinetd.conf')).services).toBeUndefined();
  });
});
