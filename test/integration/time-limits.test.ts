import { describe, expect, onTestFinished, test } from 'vitest';
import { type Client, connect } from '../harness/client.ts';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import { ServicesFile } from '../harness/services-file.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import { startTarget } from '../harness/target.ts';
import { echo, listen } from './relay-ends.ts';

const KILL = 9;
const TERM = 15;
const user = isRoot ? { user: 'nobody' } : {};
/** Ignores TERM. */
const deaf = { listen, server: handler('sleeper'), server_args: [String(TERM)], ...user };

function exitOf(zinetd: Zinetd, service: string) {
  return zinetd.event((record) => record.event === 'exited' && record.service === service);
}

/** Says a byte again and again, and hears whatever comes back. */
function trickle(client: Client, everyMs: number): void {
  const timer = setInterval(() => client.send('.'), everyMs);
  onTestFinished(() => clearInterval(timer));
}

describe('idle_timeout', () => {
  test('ends relays and built-ins in which nothing is said, and the record says why', async () => {
    const target = await startTarget(echo);
    const idle = { listen, idle_timeout: '300ms' };
    const services = { relay: { ...idle, redirect: target.url }, echo: { ...idle, builtin: 'echo' } };
    const zinetd = await startZinetd({ config: { services } });
    for (const service of ['relay', 'echo']) {
      const client = await connect(zinetd.port(service));
      const { end, duration_ms: durationMs } = await exitOf(zinetd, service);
      expect({ service, end }).toEqual({ service, end: 'idle' });
      expect(durationMs).toBeGreaterThanOrEqual(299);
      expect(await client.ended()).toBe('end');
    }
  });

  test('lets go on what says a byte now and then; the age ends that, and has a price (S80)', async () => {
    const target = await startTarget(echo);
    const slow = { listen, idle_timeout: '900ms', max_connection_age: '2s' };
    const penalties = { time_limit: '90s', threshold: '15s' };
    const services = {
      relay: { ...slow, redirect: target.url, penalties },
      echo: { ...slow, builtin: 'echo' },
    };
    const zinetd = await startZinetd({ config: { services } });
    for (const service of ['echo', 'relay']) trickle(await connect(zinetd.port(service)), 100);
    for (const service of ['echo', 'relay'])
      expect(await exitOf(zinetd, service)).toMatchObject({ service, end: 'age' });
    expect(await zinetd.event('banned')).toMatchObject({ service: 'relay', reason: 'time_limit' });
  });
});

describe('grace', () => {
  const GRACE_MS = 300;
  const ORDINARY_MS = 5000;
  const it = { ...deaf, grace: `${GRACE_MS}ms` };

  test.each([
    ['age', { max_connection_age: '100ms' }],
    ['reload', { on_reload: 'terminate' }],
    ['stopping', { on_stop: 'terminate' }],
  ])('of a service is what there is between TERM and KILL, whatever ends it: %s', async (end, wanted) => {
    const file = new ServicesFile({ it: { ...it, ...wanted } });
    const zinetd = await startZinetd({ config: file.config, args: ['--grace', '60s'] });
    const client = await connect(zinetd.port('it'));
    await client.readUntil('\n');
    const beganMs = performance.now();
    if (end === 'reload') {
      file.write({ it: { ...it, ...wanted, env: { A: 'other' } } });
      zinetd.signal('SIGHUP');
    } else if (end === 'stopping') zinetd.signal('SIGTERM');
    expect(await exitOf(zinetd, 'it')).toMatchObject({ signal: KILL, end });
    expect(performance.now() - beganMs).toBeLessThan(ORDINARY_MS);
    if (end === 'stopping') expect(await zinetd.ended).toBe(0);
  });
});
