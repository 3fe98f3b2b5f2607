import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { crowd, type Visit } from '../harness/crowd.ts';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import { statusOf } from '../harness/processes.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import { record, rounded } from './record.ts';
import { scaled } from './scale.ts';

const run = promisify(execFile);
const SCRIPT = resolve('test/fixtures/clients/storm-signals.py');
const SECONDS = scaled({ short: 3, long: 60 });
const LEAST_A_SECOND = 5000;
const CLIENTS = { count: scaled({ short: 200, long: 4000 }), inFlight: 4 };
/** The compiler rests for a tenth of a second after each run (S122). */
const RELOADS_A_SECOND = 10;
const user = isRoot ? { user: 'nobody' } : {};
/** A handler counts until it has ended, which under such a load may be long after its client has heard the end. */
const limits = { instances: CLIENTS.count, per_source: CLIENTS.count };
const services = { raw: { listen: 'tcp://127.0.0.1:0', server: handler('raw'), ...limits, ...user } };

function tell(figure: string, value: number, bar: string): void {
  record({ fault: 'F11', figure, value, bar });
}

/** Each of them; else with what the log has of others than handlers that came and went. */
function expectServed(zinetd: Zinetd, visits: readonly Visit[]): void {
  const unserved = visits.filter(({ code, received }) => code !== undefined || received !== 'ok\n');
  const records = zinetd.log.all.filter(({ event }) => event !== 'started' && event !== 'exited');
  expect(unserved, JSON.stringify(records)).toEqual([]);
}

/** All but those that are a stop, for which the process is named; so many were sent. */
async function storm(pid: number | undefined, names: readonly string[]): Promise<number> {
  const { stdout } = await run('python3', [SCRIPT, String(pid), String(SECONDS), ...names]);
  return Number(stdout);
}

test(
  `ten thousand signals a second for ${SECONDS} s change nothing for clients of the spawner (F11, S121)`,
  async () => {
    const zinetd = await startZinetd({ config: { services } });
    const sending = storm(zinetd.pid, ['HUP', 'CHLD', 'USR1', 'USR2', 'CONT', 'WINCH', 'PIPE', 'ALRM']);
    const startMs = performance.now();
    const visits = await crowd(zinetd.port('raw'), CLIENTS);
    expectServed(zinetd, visits);
    const sent = await sending;
    expect(sent).toBeGreaterThan(LEAST_A_SECOND * SECONDS);
    const reloads = zinetd.log.count('reloaded');
    const seconds = (performance.now() - startMs) / 1000;
    tell('spawner: signals a second, HUP among them', Math.round(sent / SECONDS), 'at least 1,000');
    tell('spawner: reloads a second', rounded(reloads / seconds), `at most ${RELOADS_A_SECOND}`);
    tell('spawner: clients who were not served', 0, '0');
    expect(reloads).toBeGreaterThan(0);
    expect(reloads).toBeLessThanOrEqual(RELOADS_A_SECOND * seconds + 1);
  },
  60_000 + 3000 * SECONDS,
);

test(
  `nor do they for the dispatcher, where somebody may send it any (F11, S121, S131)`,
  async () => {
    const zinetd = await startZinetd({ config: { services } });
    const pid = zinetd.dispatcherPid;
    const sending = storm(pid, [
      'HUP',
      'CHLD',
      'USR1',
      'USR2',
      'CONT',
      'WINCH',
      'PIPE',
      'TERM',
      'INT',
      'QUIT',
    ]);
    const visits = await crowd(zinetd.port('raw'), CLIENTS);
    expectServed(zinetd, visits);
    const sent = await sending;
    expect(sent).toBeGreaterThan(LEAST_A_SECOND * SECONDS);
    expect(zinetd.dispatcherPid).toBe(pid);
    tell('dispatcher: signals a second', Math.round(sent / SECONDS), 'at least 1,000');
    tell('dispatcher: clients who were not served', 0, '0');
  },
  60_000 + 3000 * SECONDS,
);

test('the spawner has no signal handler at all: whatever comes is read like everything else (F11, S121)', async () => {
  const zinetd = await startZinetd({ config: { services } });
  expect(statusOf(zinetd.pid, 'SigCgt')).toMatch(/^0+$/);
});
