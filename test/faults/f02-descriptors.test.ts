import { readFileSync } from 'node:fs';
import { test } from 'vitest';
import { describeWith } from '../harness/describe-with.ts';
import { limitDescriptors } from '../harness/limit-descriptors.ts';
import { openDescriptors } from '../integration/open-descriptors.ts';
import { finish, startStarving, starve } from './starve.ts';

/** A limit is one of numbers: what is above it stays open, and nothing below it is free. */
function lowestFree(pid: number): number {
  const taken = new Set(openDescriptors(pid).map(({ fd }) => fd));
  let fd = 0;
  while (taken.has(fd)) fd++;
  return fd;
}

describeWith('a dispatcher without descriptors', { needs: ['root', { program: 'prlimit' }] }, () => {
  test('rests, tells of it, loses nobody, and serves again (F2, S74, B5)', async () => {
    const starving = await startStarving();
    const { dispatcher } = starving;
    const limits = readFileSync(`/proc/${dispatcher}/limits`, 'utf8');
    const usual = Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1]);
    limitDescriptors(dispatcher, lowestFree(dispatcher));
    const clear = async (): Promise<void> => limitDescriptors(dispatcher, usual);
    await starve(starving, { fault: 'F2', error: 'EMFILE', reason: 'EMFILE', clear });
    await finish(starving.clients);
  }, 60_000);
});
