import { execFileSync } from 'node:child_process';
import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ask, connect } from '../harness/client.ts';
import { visit } from '../harness/crowd.ts';
import { describeWith } from '../harness/describe-with.ts';
import { handler } from '../harness/handler.ts';
import { scratch } from '../harness/scratch.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import { until } from '../harness/until.ts';
import { record } from './record.ts';
import { scaled } from './scale.ts';

const HOUR = 3600;
const DAY = 24 * HOUR;
const nowSeconds = (): number => Math.floor(Date.now() / 1000);
/** By how much it is wrong. */
const JUMPS: Readonly<Record<string, () => number>> = {
  'an hour back': () => -HOUR,
  'to 2038': () => Date.UTC(2038, 0, 19, 3, 14, 7) / 1000 - nowSeconds(),
  'an hour on': () => HOUR,
  'to 1970': () => -nowSeconds() + HOUR,
};
const STEP_MS = 100;
const STEPS = scaled({ short: 20, long: 300 });
const FOLLOWS_MS = 1000;
/** What a busy machine may add. */
const LATE_MS = 2000;

function tell(figure: string, row: { readonly value: number | string; readonly bar: string }): void {
  record({ fault: 'F16', figure, ...row });
}

/** Where Node finds the first of its libraries, which has nothing in it any more. */
function emptyLibrary(): string | undefined {
  const libraries = execFileSync('ldd', [process.execPath], { encoding: 'utf8' });
  return /libdl\.so\.2 => (\S+)/.exec(libraries)?.[1];
}

/** The wall clock of all that runs on Node in a mount namespace. */
class WallClock {
  readonly prefix: readonly string[];
  readonly #fd: number;

  constructor() {
    const directory = scratch('clock');
    const shim = join(directory, 'shim.so');
    const source = 'test/fixtures/shims/clock';
    const flags = ['-std=gnu11', '-D_GNU_SOURCE', '-O1', '-Wall', '-Wextra', '-Werror', '-shared', '-fPIC'];
    const linked = ['-Wl,-soname,libdl.so.2', `-Wl,--version-script=${source}.map`];
    execFileSync('cc', [...flags, ...linked, '-o', shim, `${source}.c`]);
    this.#fd = openSync(join(directory, 'clock'), 'w+', 0o644);
    onTestFinished(() => closeSync(this.#fd));
    ftruncateSync(this.#fd, 8);
    const mounts = `mount --bind ${shim} ${emptyLibrary()} && mount --bind ${directory} /usr/local/lib`;
    this.prefix = ['unshare', '--mount', 'sh', '-c', `${mounts} && exec "$@"`, 'sh'];
  }

  set(seconds: number): void {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(BigInt(seconds));
    writeSync(this.#fd, bytes, 0, 8, 0);
  }
}

const user = { user: 'nobody' };
const listen = 'tcp://127.0.0.1:0';
/** It is noon there when the clock says so. */
const noon = { access_times: ['12:00-13:00'], time_zone: 'UTC' };
const services = {
  plain: { listen, server: handler('raw'), ...user },
  rated: { listen, server: handler('raw'), rate_per_source: { count: 3, per: '1h' }, ...user },
  trap: { listen, sensor: true, deny_time: '2h' },
  aged: { listen, server: handler('echo'), max_connection_age: '1500ms', ...user },
  idle: { listen, builtin: 'echo', idle_timeout: '1500ms' },
  noon: { listen, server: handler('raw'), ...noon, ...user },
  queue: { listen, server: handler('raw'), ...noon, policies: { access_times: 'queue' }, ...user },
};

/** How far it is to that hour of the day, tomorrow. */
function toHour(hour: number): number {
  const now = nowSeconds();
  return DAY - (now % DAY) + hour * HOUR;
}

async function start(clock: WallClock): Promise<Zinetd> {
  return startZinetd({ config: { services }, prefix: clock.prefix });
}

/** How long connections of these services live that say nothing. */
async function lifeMs(zinetd: Zinetd, service: string): Promise<number> {
  const client = await connect(zinetd.port(service), { from: '127.0.0.20' });
  const startMs = performance.now();
  await client.ended();
  return performance.now() - startMs;
}

const isHere = emptyLibrary() !== undefined;

describeWith(
  'the wall clock',
  { needs: ['root', 'a mount namespace', { program: isHere ? 'ldd' : 'a Node with libdl.so.2' }] },
  () => {
    test.each(Object.entries(JUMPS).slice(0, scaled({ short: 2, long: 4 })))(
      'that jumps %s changes no limit, no ban and no deadline (F16, S90)',
      async (name, jump) => {
        const clock = new WallClock();
        const zinetd = await start(clock);
        for (let count = 0; count < 3; count++)
          expect(await ask(zinetd.port('rated'), '', { from: '127.0.0.21' })).toBe('ok\n');
        await ask(zinetd.port('trap'), '', { from: '127.0.0.22' });
        await zinetd.event('banned');
        const living = Promise.all([lifeMs(zinetd, 'aged'), lifeMs(zinetd, 'idle')]);
        clock.set(jump());
        expect(await ask(zinetd.port('rated'), '', { from: '127.0.0.21' })).toBe('');
        expect(await ask(zinetd.port('plain'), '', { from: '127.0.0.22' })).toBe('');
        for (const reason of ['per_source_rate', 'banned'])
          await zinetd.event((it) => it.event === 'refused' && it.reason === reason);
        expect(await visit(zinetd.port('plain'))).toMatchObject({ code: undefined, received: 'ok\n' });
        const told = Date.parse(zinetd.log.all.at(-1)?.time ?? '') / 1000;
        expect(Math.abs(told - nowSeconds() - jump())).toBeLessThan(5);
        const lives = await living;
        for (const ms of lives) {
          expect(ms).toBeGreaterThan(1350);
          expect(ms).toBeLessThan(1650 + LATE_MS);
        }
        const value = lives.map(Math.round).join(' and ');
        tell(`jump ${name}: deadlines of 1,500 ms, ms`, { value, bar: '1,500, 10 % less or more' });
        tell(`jump ${name}: limits and bans that changed`, { value: 0, bar: '0' });
      },
      60_000,
    );

    test(`that is stepped ${STEPS} times, each tenth of a second, changes no deadline, and all are served (F16, S90)`, async () => {
      const clock = new WallClock();
      const zinetd = await start(clock);
      let served = 0;
      const living = Promise.all([lifeMs(zinetd, 'aged'), lifeMs(zinetd, 'idle')]);
      for (let step = 0; step < STEPS; step++) {
        clock.set((step % 2 === 0 ? 1 : -1) * HOUR * (step + 1));
        expect(await visit(zinetd.port('plain'))).toMatchObject({ code: undefined, received: 'ok\n' });
        served++;
        await new Promise((done) => setTimeout(done, STEP_MS));
      }
      for (const ms of await living) {
        expect(ms).toBeGreaterThan(1350);
        expect(ms).toBeLessThan(1650 + LATE_MS);
      }
      // Whatever times they have: in the order of what happened.
      await until(() => zinetd.log.count('exited') >= STEPS + 2, { what: 'all ends are told' });
      const events = zinetd.log.all.filter(({ service }) => service === 'plain').map(({ event }) => event);
      expect(events.indexOf('started')).toBeLessThan(events.indexOf('exited'));
      tell('steps each 100 ms', { value: STEPS, bar: '' });
      tell('steps each 100 ms: clients who were not served', { value: STEPS - served, bar: '0' });
    }, 120_000);

    test('that is set opens and closes windows of time within a second, for those who queue as well (F16, S90)', async () => {
      const clock = new WallClock();
      clock.set(toHour(10));
      const zinetd = await start(clock);
      const port = zinetd.port('noon');
      expect(await ask(port)).toBe('');
      const queueing = visit(zinetd.port('queue')).then((done) => ({ ...done, atMs: performance.now() }));
      expect(await zinetd.event('refused')).toMatchObject({ service: 'noon', reason: 'time' });
      clock.set(toHour(12.5));
      const setMs = performance.now();
      expect(await ask(port)).toBe('ok\n');
      const openedMs = performance.now() - setMs;
      const { received, atMs } = await queueing;
      expect(received).toBe('ok\n');
      const queuedMs = atMs - setMs;
      clock.set(toHour(14));
      expect(await ask(port)).toBe('');
      const bar = `at most ${FOLLOWS_MS}`;
      tell('a window that is opened by a jump: who comes is served after, ms', {
        value: Math.round(openedMs),
        bar,
      });
      tell('a window that is opened by a jump: who queues is served after, ms', {
        value: Math.round(queuedMs),
        bar,
      });
      expect(openedMs).toBeLessThan(FOLLOWS_MS + LATE_MS);
      expect(queuedMs).toBeLessThan(FOLLOWS_MS + LATE_MS);
    }, 60_000);
  },
);
