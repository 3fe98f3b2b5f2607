import { expect, test } from 'vitest';
import { ask } from '../harness/client.ts';
import { visit } from '../harness/crowd.ts';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import { startZinetd } from '../harness/start-zinetd.ts';

const user = isRoot ? { user: 'nobody' } : {};
const MINUTE = 60_000;
/** Enough to start zinetd and to see that nobody is served yet. */
const LEAD_MS = 5000;

/** The next minute that begins late enough, until eleven minutes later: times have no seconds. */
function soon(): { readonly window: string; readonly opensMs: number } {
  const opensMs = Math.ceil((Date.now() + LEAD_MS) / MINUTE) * MINUTE;
  const clock = (ms: number) => new Date(ms).toISOString().slice(11, 16);
  return { window: `${clock(opensMs)}-${clock(opensMs + 11 * MINUTE)}`, opensMs };
}

test('access_times turn clients away until they open, or with "queue" let them wait in the backlog', async () => {
  const { window, opensMs } = soon();
  const closed = { access_times: [window], time_zone: 'UTC' };
  const raw = { listen: 'tcp://127.0.0.1:0', server: handler('raw'), ...closed, ...user };
  const queue = { ...raw, policies: { access_times: 'queue' } };
  const zinetd = await startZinetd({ config: { services: { queue, reject: raw } } });
  const waiting = visit(zinetd.port('queue')).then((done) => ({ ...done, atMs: Date.now() }));
  expect(await ask(zinetd.port('reject'))).toBe('');
  expect(await zinetd.event('refused')).toMatchObject({ service: 'reject', reason: 'time' });
  const { code, received, atMs } = await waiting;
  expect({ code, received }).toEqual({ code: undefined, received: 'ok\n' });
  expect(atMs - opensMs).toBeGreaterThanOrEqual(0);
  expect(atMs - opensMs).toBeLessThan(3000);
  expect(await ask(zinetd.port('reject'))).toBe('ok\n');
  await zinetd.stop();
  expect(zinetd.log.count('refused')).toBe(1);
}, 90_000);
