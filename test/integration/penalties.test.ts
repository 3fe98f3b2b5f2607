import { expect, test } from 'vitest';
import { ask } from '../harness/client.ts';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import { loadgen } from '../harness/loadgen.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import { tally } from '../harness/tally.ts';

const user = isRoot ? { user: 'nobody' } : {};
const listen = 'tcp://127.0.0.1:0';
const CULPRIT = '127.84.0.1';
const BAN = '90s';
const TRIES = 20;
const OTHERS = { inFlight: 8, seconds: 3, perSecond: 20, sources: { first: '127.84.1.1', count: 50 } };

function start(penalties: object): Promise<Zinetd> {
  const fragile = { listen, server: handler('crash-for'), server_args: [CULPRIT], penalties, ...user };
  const services = { fragile, other: { listen, server: handler('raw'), ...user } };
  return startZinetd({ config: { services } });
}

const ofCulprit = (zinetd: Zinetd) => zinetd.log.all.filter(({ peer }) => peer?.address === CULPRIT);

test('a source whose handlers crash is banned, and no other notices (S76)', async () => {
  const zinetd = await start({ crash: BAN, threshold: '15s' });
  const others = loadgen(zinetd.port('fragile'), OTHERS);
  const from = CULPRIT;
  expect(await ask(zinetd.port('fragile'), '', { from })).toBe('');
  const banned = await zinetd.event('banned');
  expect(banned).toMatchObject({ service: 'fragile', reason: 'crash', peer: { address: CULPRIT } });
  expect(banned['for_ms']).toBeGreaterThan(89_000);
  for (let count = 0; count < TRIES; count++)
    expect(await ask(zinetd.port('fragile'), '', { from })).toBe('');
  expect(await ask(zinetd.port('other'), '', { from })).toBe('');
  const { total, errors } = await others;
  expect({ total, errors }).toMatchObject({
    total: 60,
    errors: { noData: 0, reset: 0, refused: 0, timeout: 0 },
  });
  await zinetd.stop();
  const events = tally(ofCulprit(zinetd).map(({ event }) => event));
  expect(events).toMatchObject({ started: 1, exited: 1, banned: 1 });
  const refused = ofCulprit(zinetd).filter(({ event }) => event === 'refused');
  expect(refused.length).toBeGreaterThan(1);
  for (const record of refused) expect(record).toMatchObject({ reason: 'banned', check: { note: 'crash' } });
});

test('a crash below the threshold bans nobody, and the next one does (S76)', async () => {
  const zinetd = await start({ crash: '10s', threshold: '15s' });
  const from = CULPRIT;
  await ask(zinetd.port('fragile'), '', { from });
  await zinetd.event('exited');
  expect(zinetd.log.count('banned')).toBe(0);
  expect(await ask(zinetd.port('other'), '', { from })).toBe('ok\n');
  await ask(zinetd.port('fragile'), '', { from });
  await zinetd.event('banned');
  expect(await ask(zinetd.port('other'), '', { from })).toBe('');
});
