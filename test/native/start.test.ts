import { resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { configOf, plain } from '../compile/example.ts';
import { describeWith } from '../harness/describe-with.ts';
import { childrenOf } from '../harness/processes.ts';
import { until } from '../harness/until.ts';
import { type OpenDescriptor, openDescriptors } from '../integration/open-descriptors.ts';
import { runSpawner } from './run-spawner.ts';

const STARTER = resolve('test/native/fixtures/hostile-starter.py');

/** What the spawner has open once it has begun to work. */
async function openInSpawner(): Promise<readonly OpenDescriptor[]> {
  const run = runSpawner({
    config: configOf([plain]),
    dispatcher: ['/bin/true'],
    starter: ['/usr/bin/python3', STARTER],
  });
  onTestFinished(async () => {
    run.process.kill('SIGTERM');
    await run.exited;
  });
  await until(() => childrenOf(run.pid).length > 0, { what: 'it has started its compiler' });
  return openDescriptors(run.pid);
}

/** As a rule nothing of this comes to it: Node has opened the standard descriptors, and closes whatever is a stranger's. */
describeWith('the spawner alone', { needs: ['root'] }, () => {
  test('leaves no place for anything of its own on 0, 1 and 2 where they were closed (S14)', async () => {
    const standard = (await openInSpawner()).filter(({ fd }) => fd <= 2);
    expect(standard.map(({ target }) => target)).toEqual(['/dev/null', '/dev/null', '/dev/null']);
  });

  test('keeps nothing that it was given beside its boot record (S15)', async () => {
    const targets = (await openInSpawner()).map(({ target }) => target);
    expect(targets).not.toContain('/etc/passwd');
    expect(targets).toContain('anon_inode:[signalfd]');
  });
});
