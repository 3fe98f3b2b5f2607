import { expect, test } from 'vitest';
import { connect } from '../harness/client.ts';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import { cpuSecondsOf } from '../harness/processes.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import { until } from '../harness/until.ts';

const user = isRoot ? { user: 'nobody' } : {};
const echo = { listen: 'tcp://127.0.0.1:0', server: handler('echo'), ...user };
/** What keeper.c waits before each start but the first two: twice as long each time. */
const WAITS_MS = [0, 50, 100, 200, 400, 800];
/** As many as may die before one has ever served. */
const ATTEMPTS = 5;
/** For all of it: a loop that does not wait takes as much in a moment. */
const MOST_CPU_SECONDS = 0.5;

/** Kills dispatchers as soon as they are there, so many of them; gives when each came. */
async function killEach(zinetd: Zinetd, count: number): Promise<readonly number[]> {
  const cameMs: number[] = [];
  let last: number | undefined;
  while (cameMs.length < count) {
    const pid: number = await until(() => zinetd.dispatcherPid !== last && zinetd.dispatcherPid, {
      what: 'there is another dispatcher',
    });
    cameMs.push(performance.now());
    process.kill(pid, 'SIGKILL');
    last = pid;
  }
  return cameMs;
}

test('a dispatcher that dies at once, again and again, is started later each time, and no handler notices (S130)', async () => {
  const zinetd = await startZinetd({ config: { services: { echo } }, lossy: true });
  const client = await connect(zinetd.port('echo'));
  client.send('before ');
  await client.readUntil('before ');
  const cpuBefore = cpuSecondsOf(zinetd.pid);
  const cameMs = await killEach(zinetd, WAITS_MS.length + 1);
  const gaps = cameMs.slice(1).map((ms, index) => ms - (cameMs[index] ?? 0));
  for (const [index, waitMs] of WAITS_MS.entries()) expect(gaps[index]).toBeGreaterThanOrEqual(waitMs);
  expect(await zinetd.event('dispatcher-restarted')).toMatchObject({ times: WAITS_MS.length + 1 });
  expect(await zinetd.event('ready')).toMatchObject({ adopted: 1 });
  expect(cpuSecondsOf(zinetd.pid) - cpuBefore).toBeLessThan(MOST_CPU_SECONDS);
  client.send('after');
  client.halfClose();
  expect(await client.readAll()).toBe('before after');
}, 60_000);

test('where no dispatcher ever served, zinetd gives up after the fifth, and says so (S130)', async () => {
  const zinetd = await startZinetd({ config: { services: { echo } }, expectFailure: true });
  await killEach(zinetd, ATTEMPTS);
  expect(await zinetd.ended).toBe(3);
  expect(zinetd.stderr).toContain('Cannot start the dispatcher');
}, 60_000);
