import { describe, expect, test } from 'vitest';
import { startFileLogged } from '../harness/file-log.ts';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import { loadDuel } from '../harness/load-duel.ts';

const user = isRoot ? { user: 'nobody' } : {};
const SECONDS = 10;

/** With the limits that a service has by itself. */
async function start(program: string): Promise<number> {
  const services = { abused: { listen: 'tcp://127.0.0.1:0', server: handler(program), ...user } };
  return (await startFileLogged({ config: { services } })).port('abused');
}

/** How long the other one waits is a matter of the machine: `npm run bench:load` measures it. */
describe('5,000 connections a second', () => {
  test.each([
    ['one source (B3)', { abusers: 'one', program: 'raw' }],
    ['one source to handlers that go on for a second (B3, S76)', { abusers: 'one', program: 'linger' }],
    ['65,536 sources (B4)', { abusers: 'many', program: 'raw' }],
  ] as const)(
    'do not keep another source from its 10 a second: from %s',
    async (_from, { abusers, program }) => {
      const duel = await loadDuel(await start(program), { abusers, seconds: SECONDS });
      console.info(duel);
      expect(duel.abusers.perSecond).toBeGreaterThan(4_500);
      expect(duel.victim.share).toBeGreaterThanOrEqual(duel.bar.share);
    },
    60_000,
  );
});
