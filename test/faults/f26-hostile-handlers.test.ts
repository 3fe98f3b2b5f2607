import { readdirSync } from 'node:fs';
import { constants } from 'node:os';
import { expect, test } from 'vitest';
import { connect } from '../harness/client.ts';
import { visit } from '../harness/crowd.ts';
import { describeWith } from '../harness/describe-with.ts';
import { handler } from '../harness/handler.ts';
import { commandLineOf } from '../harness/processes.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import { until } from '../harness/until.ts';
import { percentile, record, rounded } from './record.ts';
import { scaled } from './scale.ts';

const { EPERM, ESRCH, EIO, ENXIO, ENOTTY } = constants.errno;
const listen = 'tcp://127.0.0.1:0';
const AGE_MS = 1000;
const GRACE_MS = 300;
/** What a busy machine may add. */
const LATE_MS = 4000;
const AT_ONCE = scaled({ short: 1, long: 5 });
/** Of the first process of a namespace SIGABRT is not the end. */
const DUMPED = [constants.signals.SIGABRT, constants.signals.SIGSEGV, constants.signals.SIGTRAP];

/** The way, and what it says where it tries something that has an answer. */
const WAYS: Readonly<Record<string, RegExp>> = {
  bomb: /^$/,
  escape: /^$/,
  hoard: /^$/,
  stop: /^$/,
  dump: /^$/,
  fill: /^\0*$/,
  kill: new RegExp(`^kill (${EPERM}|${ESRCH})\n$`),
  type: new RegExp(
    `^terminal ${ENXIO}\ninput (${ENOTTY}|${EPERM}|${EIO})\n$|^terminal \\d+\ninput (${ENOTTY}|${EPERM}|${EIO})\n$`,
  ),
  trace: new RegExp(`^trace (${EPERM}|${ESRCH})\n$`),
  deaf: /^$/,
  close: /^$/,
};

const limits = {
  max_connection_age: `${AGE_MS}ms`,
  grace: `${GRACE_MS}ms`,
  instances: 50,
  per_source: 'UNLIMITED',
};
const MODES = {
  inetd: { mode: 'inetd', user: 'nobody' },
  extended: {
    mode: 'extended',
    dynamic_user: true,
    private_pids: true,
    rlimits: { nproc: 30, nofile: 64, core: 0 },
  },
} as const;

function servicesOf(mode: object): Readonly<Record<string, object>> {
  const ways = Object.keys(WAYS).map((way) => {
    return [way, { listen, server: handler('hostile'), server_args: [way], ...limits, ...mode }];
  });
  return Object.fromEntries(ways);
}

/** Of the kit, whoever's child it is by now. */
function hostileProcesses(way: string): number {
  const pids = readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name));
  const wanted = `${handler('hostile')} ${way}`;
  return pids.filter((pid) => commandLineOf(Number(pid)).join(' ') === wanted).length;
}

/** Others come all the time; how long they took. */
async function beside(zinetd: Zinetd, isOver: () => boolean): Promise<readonly number[]> {
  const durations: number[] = [];
  while (!isOver()) {
    const { code, received, durationMs } = await visit(zinetd.port('quick'));
    expect({ code, received }).toEqual({ code: undefined, received: 'ok\n' });
    durations.push(durationMs);
  }
  return durations;
}

/** One connection, whose client says nothing; when its handler was gone. */
async function suffer(zinetd: Zinetd, way: string): Promise<number> {
  const client = await connect(zinetd.port(way));
  // What fills is to fill all buffers on the way, not this process.
  if (way === 'fill') client.socket.pause();
  const { localPort } = client;
  const startMs = performance.now();
  const exited = await zinetd.event(
    (it) => it.event === 'exited' && it.service === way && it.peer?.port === localPort,
  );
  const tookMs = performance.now() - startMs;
  expect(client.received.toString('latin1'), way).toMatch(WAYS[way] ?? /^$/);
  if (way === 'dump') expect(DUMPED).toContain(exited.signal);
  client.socket.destroy();
  return tookMs;
}

describeWith('handlers that were taken over', { needs: ['root', 'a mount namespace'] }, () => {
  test.each(Object.entries(MODES))(
    'are ended in time, each in its way, and harm neither zinetd nor another service: mode %s (F26, S31, S32, S33, S66, S86, S87)',
    async (name, mode) => {
      const quick = {
        listen,
        server: handler('raw'),
        user: 'nobody',
        instances: 100,
        per_source: 'UNLIMITED',
      };
      const zinetd = await startZinetd({ config: { services: { quick, ...servicesOf(mode) } } });
      const pids = [zinetd.pid, zinetd.dispatcherPid];
      let isOver = false;
      const others = beside(zinetd, () => isOver);
      const lives = Object.keys(WAYS).map(async (way) => {
        const took = await Promise.all(Array.from({ length: AT_ONCE }, () => suffer(zinetd, way)));
        return { way, ms: Math.max(...took) };
      });
      const ends = await Promise.all(lives).finally(() => {
        isOver = true;
      });
      const p99Ms = percentile(await others, 99);
      const tell = (figure: string, value: number, bar: string): void =>
        record({ fault: 'F26', figure: `mode ${name}: ${figure}`, value, bar });
      for (const { way, ms } of ends) {
        tell(
          `${way}: gone after, ms`,
          Math.round(ms),
          `at most ${AGE_MS + GRACE_MS}, where nothing else runs`,
        );
        expect(ms, way).toBeLessThan(AGE_MS + GRACE_MS + LATE_MS);
      }
      tell('another service meanwhile, p99, ms', rounded(p99Ms), '');
      expect([zinetd.pid, zinetd.dispatcherPid]).toEqual(pids);
      tell('processes of zinetd that died', 0, '0');
      if (name !== 'extended') return;
      const left = (): number => Object.keys(WAYS).reduce((sum, way) => sum + hostileProcesses(way), 0);
      await until(() => left() === 0, { what: 'nothing of them is left', timeoutMs: 10_000 });
      tell('processes that they left', 0, '0');
    },
    60_000,
  );
});
