import { chmodSync, mkdirSync, renameSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { policyOf } from '../../src/compile/policy.ts';
import { lookAtFile } from '../../src/config/look-at-file.ts';
import type { Endpoint } from '../../src/model/address.ts';
import type { Policy } from '../../src/model/policy.ts';
import { configOf, plain } from '../compile/example.ts';
import { describeWith } from '../harness/describe-with.ts';
import type { LogRecord } from '../harness/log-records.ts';
import { scratch } from '../harness/scratch.ts';
import { type DispatcherRun, runDispatcher } from './real-dispatcher.ts';

const config = configOf([
  {
    ...plain,
    listeners: plain.listeners.map((it) => ({ ...it, address: { ...(it.address as Endpoint), port: 0 } })),
  },
]);

/** A policy that was made from these files as they are. */
function madeFrom(paths: readonly string[]): Policy {
  const watched = paths.map((path) => ({ path, signature: lookAtFile(path) }));
  return { ...policyOf(config), watched };
}

function start(paths: readonly string[]): Promise<DispatcherRun> {
  return runDispatcher({ config, policy: madeFrom(paths) });
}

/** The reload that the change of these files asks for; it reads them as they are now. */
function reloaded(run: DispatcherRun, paths: readonly string[]): Promise<LogRecord> {
  run.compiler.policy(madeFrom(paths));
  return run.event('reloaded');
}

/** A file in a directory of its own. */
function listFile(name = 'blocked'): string {
  const directory = join(scratch('watch'), 'lists');
  mkdirSync(directory);
  const path = join(directory, name);
  writeFileSync(path, 'old');
  return path;
}

function replace(path: string, content: string): void {
  writeFileSync(`${path}.new`, content);
  renameSync(`${path}.new`, path);
}

/** A reload that nobody asked for would have been told before the one asked for here. */
async function expectNoMore(run: DispatcherRun, count: number): Promise<void> {
  run.process.kill('SIGHUP');
  await run.event('reloaded');
  expect(run.count('reloaded')).toBe(count + 1);
}

describe('a watched file', () => {
  const changes: readonly [string, (path: string) => void][] = [
    ['is written in place', (path) => writeFileSync(path, 'new')],
    ['is replaced by another one', (path) => replace(path, 'new')],
    [
      'is deleted and made again',
      (path) => {
        unlinkSync(path);
        writeFileSync(path, 'new');
      },
    ],
    ['is deleted', (path) => unlinkSync(path)],
    [
      'is in a directory that is replaced',
      (path) => {
        const directory = dirname(path);
        mkdirSync(`${directory}.next`);
        writeFileSync(join(`${directory}.next`, 'blocked'), 'new');
        renameSync(directory, `${directory}.last`);
        renameSync(`${directory}.next`, directory);
      },
    ],
  ];

  test.each(changes)(
    'that %s asks for one reload, and for one more when it changes again',
    async (_title, change) => {
      const path = listFile();
      const run = await start([path]);
      change(path);
      await run.event('reloaded');
      writeFileSync(path, 'newer');
      await run.event('reloaded');
      expect(run.count('reloaded')).toBe(2);
    },
  );

  test('that does not exist yet, nor the directory that it is in, asks for a reload once it does', async () => {
    const path = join(scratch('watch'), 'later', 'lists', 'blocked');
    const run = await start([path]);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, 'new');
    await reloaded(run, [path]);
    expect(run.count('watch-failed')).toBe(0);
    await expectNoMore(run, 1);
  });

  test('that is a link asks for a reload when the link is swapped, and when its new target is written', async () => {
    const [one, two] = [listFile(), listFile()];
    const path = join(scratch('watch'), 'blocked');
    symlinkSync(one, path);
    const run = await start([path]);
    symlinkSync(two, `${path}.new`);
    renameSync(`${path}.new`, path);
    await reloaded(run, [path]);
    writeFileSync(two, 'new');
    await reloaded(run, [path]);
    writeFileSync(one, 'of no interest any more');
    await expectNoMore(run, 2);
  });

  test('that is written again and again is loaded once it stays as it is', async () => {
    const path = listFile();
    const run = await start([path]);
    const writer = setInterval(() => replace(path, `${performance.now()}`), 10);
    try {
      await new Promise((done) => setTimeout(done, 1500));
    } finally {
      clearInterval(writer);
    }
    expect(run.count('reloaded')).toBe(0);
    await reloaded(run, [path]);
    await expectNoMore(run, 1);
  });

  test('that never stays as it is is loaded all the same, every five seconds', async () => {
    const path = listFile();
    const run = await start([path]);
    const writer = setInterval(() => replace(path, `${performance.now()}`), 10);
    try {
      await run.event('reloaded');
      await run.event('reloaded');
    } finally {
      clearInterval(writer);
    }
    expect(run.count('reloaded')).toBe(2);
  });

  test('that changes while there is no dispatcher asks for a reload by the next one', async () => {
    const path = listFile();
    const run = await start([path]);
    process.kill(run.dispatcherPid, 'SIGKILL');
    writeFileSync(path, 'new');
    await reloaded(run, [path]);
    await expectNoMore(run, 1);
  });

  test('is one that the last reload named, no other', async () => {
    const [before, after] = [listFile('before'), listFile('after')];
    const run = await start([before]);
    writeFileSync(before, 'new');
    await reloaded(run, [after]);
    writeFileSync(before, 'newer');
    writeFileSync(after, 'new');
    await reloaded(run, [after]);
    await expectNoMore(run, 2);
  });
});

describeWith('a watched file', { needs: ['root'] }, () => {
  test.each([
    ['may not read', 0o711, 'lists'],
    ['may not enter', 0o700, 'lists'],
    ['may not enter, somewhere above it,', 0o700, '.'],
  ])(
    'in a directory that the dispatcher %s is told of once, with what to do instead',
    async (_title, mode, closed) => {
      const path = listFile();
      const directory = join(dirname(dirname(path)), closed);
      chmodSync(directory, mode);
      const run = await start([path]);
      const { path: told, ...rest } = await run.event('watch-failed');
      expect(rest).toMatchObject({
        level: 'warning',
        error: 'EACCES',
        message: expect.stringContaining('HUP'),
      });
      expect(told).toBe(dirname(path));
      writeFileSync(path, 'new');
      await expectNoMore(run, 0);
      run.compiler.policy(madeFrom([path, `${path}.other`]));
      await expectNoMore(run, 1);
      expect(run.count('watch-failed')).toBe(1);
    },
  );
});
