import { expect, test } from 'vitest';
import { connect } from '../harness/client.ts';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import { childrenOf, isZombie } from '../harness/processes.ts';
import { startZinetd } from '../harness/start-zinetd.ts';
import { until } from '../harness/until.ts';

const user = isRoot ? { user: 'nobody' } : {};
const HANDLERS = 2000;
const AT_ONCE = 50;
/** A second is the promise; the machine of a test run may be busy. */
const REAPED_MS = 3000;

test(`${HANDLERS} handlers that end in one moment leave no zombie, and a record each (S83)`, async () => {
  const limits = { instances: HANDLERS, per_source: 'UNLIMITED' };
  const it = { listen: 'tcp://127.0.0.1:0', server: handler('sleeper'), ...limits, ...user };
  const zinetd = await startZinetd({ config: { services: { it } } });
  const pids: number[] = [];
  const clients = async () => {
    while (pids.length < HANDLERS) {
      const place = pids.push(0) - 1;
      const client = await connect(zinetd.port('it'));
      pids[place] = Number(await client.readUntil('\n'));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, clients));
  await until(() => zinetd.log.count('started') === HANDLERS, { what: 'all starts are told' });
  // One moment, as the spawner sees it: all have ended when it looks.
  process.kill(zinetd.pid, 'SIGSTOP');
  for (const pid of pids) process.kill(pid, 'SIGKILL');
  await until(() => pids.every(isZombie), { what: 'all handlers have ended' });
  process.kill(zinetd.pid, 'SIGCONT');
  const killedMs = performance.now();
  const known = new Set(pids);
  // A zombie is a child until it is reaped.
  const isReaped = () => !childrenOf(zinetd.pid).some((pid) => known.has(pid));
  await until(isReaped, { what: 'all are reaped' });
  const reapedMs = performance.now() - killedMs;
  console.info(`reaped after ${reapedMs.toFixed(0)} ms`);
  expect(reapedMs).toBeLessThan(REAPED_MS);
  const exits = () => zinetd.log.all.filter(({ event }) => event === 'exited');
  await until(() => exits().length === HANDLERS, { what: 'all exits are told' });
  expect(exits().every(({ signal }) => signal === 9)).toBe(true);
  expect(new Set(exits().map(({ pid }) => pid))).toEqual(known);
}, 60_000);
