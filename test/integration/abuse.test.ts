import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import { loadDuel } from '../harness/load-duel.ts';
import type { LogRecord } from '../harness/log-records.ts';
import { scratch } from '../harness/scratch.ts';
import { startZinetd } from '../harness/start-zinetd.ts';
import { until } from '../harness/until.ts';

const user = isRoot ? { user: 'nobody' } : {};
const SECONDS = 10;

function recordsIn(log: string): readonly LogRecord[] {
  const lines = readFileSync(log, { encoding: 'utf8', flag: 'a+' }).split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as LogRecord);
}

/** With the limits that a service has by itself. The log goes to a file: a reader in JavaScript is too slow. */
async function start(program: string): Promise<number> {
  const log = join(scratch('abuse'), 'log');
  const services = { abused: { listen: 'tcp://127.0.0.1:0', server: handler(program), ...user } };
  const prefix = ['sh', '-c', 'exec "$@" >"$0"', log];
  await startZinetd({ config: { services }, prefix, lossy: true, expectFailure: true });
  const isReady = () => recordsIn(log).some(({ event }) => event === 'ready');
  await until(isReady, { what: 'zinetd is ready' });
  const port = recordsIn(log).find(({ event }) => event === 'listening')?.local?.port;
  if (port === undefined) throw new Error('zinetd does not listen');
  return port;
}

/** How long the other one waits is a matter of the machine: `npm run bench:load` measures it. */
describe('5,000 connections a second', () => {
  test.each([
    ['one source', 'B3', { abusers: 'one', program: 'raw' }],
    ['one source to handlers that go on for a second', 'B3, S76', { abusers: 'one', program: 'linger' }],
    ['65,536 sources', 'B4', { abusers: 'many', program: 'raw' }],
  ] as const)(
    'from %s do not keep another source from its 10 a second (%s)',
    async (_from, _bars, { abusers, program }) => {
      const duel = await loadDuel(await start(program), { abusers, seconds: SECONDS });
      console.info(duel);
      expect(duel.abusers.perSecond).toBeGreaterThan(4_500);
      expect(duel.victim.share).toBeGreaterThanOrEqual(duel.bar.share);
    },
    60_000,
  );
});
