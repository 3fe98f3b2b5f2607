import { describe, expect, test } from 'vitest';
import { enter, exitOf, pooled, staffed, startPool, workerExit } from './pooled.ts';
import { processTimeOf } from './process-time.ts';

const TERM = 15;
const KILL = 9;

/** What one who has taken a worker over may say over its channel; "%d" is the number of the connection. */
const FORGERIES: readonly (readonly [title: string, line: string])[] = [
  ['no number', 'raw xnonsense'],
  ['a number that nobody has', 'raw x987654321'],
  ['a number with something behind it', 'raw x%d '],
  ['a number that is written otherwise', 'raw x0%d'],
  ['a number with a sign', 'raw x+%d'],
  ['more digits than there are', 'raw x99999999999999999999'],
  ['more than it may say', `raw ${'x'.repeat(400)}`],
  ['a packet without bytes', 'raw '],
  ['the same twice', 'raw x%d\nraw x%d'],
  ['a descriptor', 'pass'],
];

describe('a worker that was taken over', () => {
  test.each(FORGERIES)(
    'costs what it has, and nobody else, when it says %s',
    async (_title, line) => {
      const zinetd = await startPool(
        { it: pooled({ workers: 2, max_connections_per_worker: 2 }), other: pooled({ workers: 1 }) },
        { workers: 3 },
      );
      const [bad, good, other] = [
        await enter(zinetd),
        await enter(zinetd),
        await enter(zinetd, { service: 'other' }),
      ];
      expect(bad.pid).not.toBe(good.pid);
      bad.client.send(`${line}\n`);
      await exitOf(zinetd, bad);
      const end = line === 'raw ' ? undefined : 'protocol';
      const exit = await workerExit(zinetd, bad.pid);
      expect(exit['end']).toBe(end);
      await staffed(zinetd, 1);
      for (const { client } of [good, other]) {
        client.send('echo still here\n');
        expect(await client.readUntil('still here')).toContain('still here');
      }
      const next = await enter(zinetd);
      for (const { client } of [good, other, next]) client.halfClose();
    },
    20_000,
  );

  test('floods nobody: it is not listened to, and ended with KILL when it ignores TERM', async () => {
    const it = pooled({ workers: 2 }, { grace: '500ms' });
    const zinetd = await startPool({ it }, { workers: 2 });
    const [bad, good] = [await enter(zinetd), await enter(zinetd)];
    const before = processTimeOf(zinetd.dispatcherPid ?? 0);
    bad.client.send('flood\n');
    expect(await exitOf(zinetd, bad)).toMatchObject({ end: 'worker' });
    expect(await workerExit(zinetd, bad.pid)).toMatchObject({ end: 'protocol', lost: 1 });
    expect(processTimeOf(zinetd.dispatcherPid ?? 0) - before).toBeLessThan(0.5);
    good.client.halfClose();
    (await enter(zinetd)).client.halfClose();
  });

  test('that closes its channel gets TERM once it had its time, and is replaced at once', async () => {
    const it = pooled({ workers: 1 }, { grace: '300ms' });
    const zinetd = await startPool({ it }, { workers: 1 });
    const bad = await enter(zinetd);
    bad.client.send('silent\n');
    const [successor] = await staffed(zinetd, 1);
    const next = await enter(zinetd);
    expect(next.pid).toBe(successor);
    expect(await exitOf(zinetd, bad)).toMatchObject({ end: 'worker', signal: TERM });
    next.client.halfClose();
  });

  test('that ignores TERM, and everything else, is killed, and what it had is told of', async () => {
    const it = pooled({ workers: 1, max_connections_per_worker: 2 }, { grace: '200ms' });
    const zinetd = await startPool({ it }, { workers: 1 });
    const [bad, beside] = [await enter(zinetd), await enter(zinetd)];
    bad.client.send('raw xnonsense\nhang\n');
    for (const visit of [bad, beside]) {
      const exit = await exitOf(zinetd, visit);
      expect(exit).toMatchObject({ end: 'worker', pid: bad.pid });
      expect([TERM, KILL]).toContain(exit.signal);
    }
  });
});
