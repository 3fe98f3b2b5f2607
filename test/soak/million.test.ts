import { expect, test } from 'vitest';
import { startFileLogged } from '../harness/file-log.ts';
import { checkBars, takeSteadyBaseline } from '../harness/global-bars.ts';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import { type LoadOptions, loadgen } from '../harness/loadgen.ts';
import { tellFigure } from '../harness/tell-figure.ts';
import { quietPort } from '../integration/quiet-port.ts';
import { type Sample, sampleOf } from './gauges.ts';
import { LogTail } from './log-tail.ts';
import { accountOf, readMetrics } from './meters.ts';

/** ZINETD_TEST_MILLION=1000000 is the bar itself, and takes minutes. */
const ALL = Number(process.env['ZINETD_TEST_MILLION'] ?? 20_000);
const FIRST = ALL / 10;
/** As much as the bar allows; a daemon that has just started still grows. */
const MOST_KIB = 8192;
const ROUNDS = ALL > 100_000 ? 30 : 3;
const DEADLINE_MS = 60_000 + ALL * 2;
const REFUSED_NET = '127.88.0.0/16';

/** Of a hundred, how many get a handler, are served by zinetd itself, and are refused. */
const SHARES = { handled: 20, own: 40, refused: 40 } as const;
type Name = keyof typeof SHARES;
const NAMES = Object.keys(SHARES) as Name[];

const WAYS: Readonly<Record<Name, Partial<LoadOptions>>> = {
  handled: {},
  own: { echoBytes: 16 },
  refused: { expectRefusal: true, sources: { first: '127.88.0.1', count: 100 } },
};

type Daemon = Awaited<ReturnType<typeof start>>;

async function start() {
  const listen = 'tcp://127.0.0.1:0';
  const many = { listen, instances: 500, per_source: 'UNLIMITED' };
  const user = isRoot ? { user: 'nobody' } : {};
  const handled = { ...many, server: handler('raw'), ...user };
  const services = {
    handled,
    own: { ...many, builtin: 'echo' },
    refused: { ...handled, no_access: [REFUSED_NET] },
  };
  const metrics = { listen: `tcp://127.0.0.1:${quietPort()}` };
  const logged = await startFileLogged({ config: { services, metrics } });
  const port = Number(metrics.listen.split(':')[2]);
  return { ...logged, metrics: port, came: { handled: 0, own: 0, refused: 0 } };
}

/** So many more clients, of each kind in turn. */
async function load({ port, came }: Daemon, wanted: number): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of NAMES) {
      const atLeast = Math.round((wanted * SHARES[name]) / 100 / ROUNDS);
      const options: LoadOptions = { inFlight: 16, seconds: 0.01, atLeast };
      const { total, errors } = await loadgen(port(name), { ...options, ...WAYS[name] });
      const { noData, reset, ...others } = errors;
      if (name !== 'refused') expect({ noData, reset }).toEqual({ noData: 0, reset: 0 });
      expect(others).toMatchObject({ refused: 0, timeout: 0, wrongData: 0, other: 0 });
      came[name] += total;
    }
  }
}

function allOf({ came }: Daemon): number {
  return came.handled + came.own + came.refused;
}

function measure(daemon: Daemon): Sample {
  return sampleOf(daemon.zinetd.pid, { atSeconds: performance.now() / 1000, connections: allOf(daemon) });
}

test(
  `${ALL} connections take no more memory than ${FIRST}, leave no descriptor, zombie or count, and each is told of once (B1, B2, S1, S91)`,
  async () => {
    const daemon = await start();
    const { zinetd, path, came } = daemon;
    await load(daemon, FIRST / 2);
    const baseline = await takeSteadyBaseline(zinetd);
    await load(daemon, FIRST / 2);
    const before = measure(daemon);
    await load(daemon, ALL - FIRST);
    const after = measure(daemon);
    await checkBars(zinetd, { baseline, lossy: true });
    const series = await readMetrics(daemon.metrics);
    const { running, started, exited, failed, refused } = accountOf(series);
    expect({ running, failed, started, exited, refused }).toEqual({
      ...{ running: 0, failed: 0, started: came.handled + came.own, exited: came.handled + came.own },
      refused: came.refused,
    });
    await zinetd.stop();
    const told = { started: 0, exited: 0, refused: 0, failed: 0, lost: 0 };
    const tail = new LogTail(path);
    tail.take(({ event, count }) => {
      if (event === 'started' || event === 'exited' || event === 'refused' || event === 'failed')
        told[event]++;
      if (event === 'refused-more') told.refused += Number(count);
      if (event === 'records-lost') told.lost += Number(count);
    });
    tail.close();
    expect(told).toEqual({ started, exited, refused, failed: 0, lost: 0 });
    const growth = (name: 'spawner' | 'dispatcher'): number =>
      (after.processes[name]?.rssKib ?? Number.NaN) - (before.processes[name]?.rssKib ?? Number.NaN);
    const kib = { spawner: growth('spawner'), dispatcher: growth('dispatcher') };
    const text = `RSS after ${after.connections} connections minus after ${before.connections} (${came.handled} handlers, ${came.own} built-in, ${came.refused} refused): spawner ${kib.spawner} KiB, dispatcher ${kib.dispatcher} KiB; descriptors ${baseline.spawner} and ${baseline.dispatcher} as before, no zombie, all counters 0`;
    console.info(text);
    tellFigure({ bar: 'B1', text });
    expect(kib.spawner).toBeLessThanOrEqual(MOST_KIB);
    expect(kib.dispatcher).toBeLessThanOrEqual(MOST_KIB);
  },
  DEADLINE_MS,
);
