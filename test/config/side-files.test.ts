import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { describeWith } from '../harness/describe-with.ts';
import { layer } from '../harness/layer.ts';
import { openPlace } from '../harness/open-place.ts';
import { runProgram } from '../harness/run-program.ts';
import { scratch } from '../harness/scratch.ts';

const DEADLINE_MS = 60_000;
/** One load, of files that are small. */
const SLOW_MS = 1000;

describeWith('files beside the configuration', { needs: ['root', { program: 'unshare' }] }, () => {
  test('of garbage, a thousand times, leak no descriptor and refuse in words (S5, promise 8)', {
    timeout: DEADLINE_MS,
  }, async () => {
    const place = await openPlace({ over: [layer({ '/etc/garbled': '' })] });
    const script = [resolve('test/fixtures/side-files.mjs'), resolve('dist'), scratch('side-files')];
    const said = await runProgram([...place.enter, process.execPath, ...script], { timeoutMs: DEADLINE_MS });
    expect(said.stderr).toBe('');
    const { before, after, outcomes, slowestMs } = JSON.parse(said.stdout);
    expect(after).toBe(before);
    expect(outcomes).toEqual(['refused']);
    expect(slowestMs).toBeLessThan(SLOW_MS);
  });
});
