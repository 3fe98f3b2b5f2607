import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { Watch, type WatchPlan } from '../../src/dispatcher/watch.ts';
import { signatureOf } from '../../src/model/file-signature.ts';
import { scratch } from '../harness/scratch.ts';

/** Those of one turn of the event loop are one hint. */
const AT_ONCE = 3;
const LONG_MS = 20_000;

function after(delayMs: number, callback: () => void): () => void {
  const timer = setTimeout(callback, delayMs);
  return () => clearTimeout(timer);
}

/** Directories that the kernel tells this process of. */
function listening(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'FSEventWrap').length;
}

async function watchBesideLog(): Promise<{ file: string; log: string; changes: () => number }> {
  const directory = join(scratch('noisy'), 'etc');
  mkdirSync(directory);
  const file = join(directory, 'zinetd.yaml');
  writeFileSync(file, 'version: 1');
  let changes = 0;
  const watch = new Watch({ after }, { onChange: () => changes++, onFailed: () => {} });
  const plan: WatchPlan = {
    watched: [{ path: file, signature: signatureOf(await stat(file, { bigint: true })) }],
    isWatchingItself: true,
  };
  watch.watch(plan);
  await watch.settled();
  return { file, log: join(directory, 'zinetd.log'), changes: () => changes };
}

describe('a log that is written beside the configuration', () => {
  test(
    'is not listened to for long, and the configuration is as before',
    async () => {
      const { file, log, changes } = await watchBesideLog();
      let most = 0;
      await vi.waitFor(
        () => {
          for (let record = 0; record < AT_ONCE; record++) appendFileSync(log, 'a record\n');
          most = Math.max(most, listening());
          expect(listening()).toBeLessThan(most);
        },
        { timeout: LONG_MS, interval: 5 },
      );
      writeFileSync(file, 'version: 1 # changed');
      await vi.waitFor(() => expect(changes()).toBe(1), { timeout: LONG_MS, interval: 5 });
      writeFileSync(file, 'version: 1 # again');
      await vi.waitFor(() => expect(changes()).toBe(2), { timeout: LONG_MS, interval: 5 });
    },
    LONG_MS,
  );
});
