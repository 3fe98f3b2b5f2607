import fc from 'fast-check';
import { expect, test } from 'vitest';
import { connect } from '../harness/client.ts';
import { crowd } from '../harness/crowd.ts';
import { describeWith } from '../harness/describe-with.ts';
import { handler } from '../harness/handler.ts';
import { ServicesFile } from '../harness/services-file.ts';
import { Zinetd } from '../harness/start-zinetd.ts';
import { attachStrace } from '../harness/strace.ts';
import { record } from './record.ts';
import { scaled } from './scale.ts';

const RUNS = scaled({ short: 3, long: 100 });
const CLIENTS = { count: 60, inFlight: 6 };
const SHAKES = 25;
const LONGEST_MS = 40;
const common = { listen: 'tcp://127.0.0.1:0', user: 'nobody', instances: 200, per_source: 'UNLIMITED' };
const services = {
  raw: { ...common, server: handler('raw') },
  held: { ...common, server: handler('echo') },
};

/** One moment of the shaking: who is stopped, for how long, and how long is waited before. */
interface Shake {
  readonly who: 'spawner' | 'dispatcher';
  readonly stoppedMs: number;
  readonly restMs: number;
}

const shakes = fc.array(
  fc.record<Shake>({
    who: fc.constantFrom('spawner', 'dispatcher'),
    stoppedMs: fc.integer({ min: 0, max: LONGEST_MS }),
    restMs: fc.integer({ min: 0, max: LONGEST_MS }),
  }),
  { minLength: SHAKES, maxLength: SHAKES },
);

function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}

async function shake(zinetd: Zinetd, all: readonly Shake[]): Promise<void> {
  for (const { who, stoppedMs, restMs } of all) {
    const pid = who === 'spawner' ? zinetd.pid : (zinetd.dispatcherPid ?? 0);
    process.kill(pid, 'SIGSTOP');
    await pause(stoppedMs);
    process.kill(pid, 'SIGCONT');
    await pause(restMs);
  }
}

function tell(clean: number): void {
  record({ fault: 'F25', figure: 'runs without a fault', value: clean, bar: '100' });
  record({ fault: 'F25', figure: 'stops in each run', value: SHAKES, bar: '' });
}

/** Connections, a reload and a stop, while who makes them is stopped again and again. */
async function play(all: readonly Shake[]): Promise<void> {
  const file = new ServicesFile(services);
  const prefix = ['taskset', '-c', '0', 'chrt', '-b', '0'];
  const zinetd = new Zinetd({ config: file.config, prefix });
  try {
    await zinetd.serving();
    const delays = [
      '-f',
      '-e',
      'trace=sendmsg,recvmsg',
      '-e',
      'inject=sendmsg,recvmsg:delay_enter=3000:when=1+5',
    ];
    const strace = all.length % 2 === 0 ? undefined : await attachStrace(zinetd.pid, delays);
    const client = await connect(zinetd.port('held'));
    const shaking = shake(zinetd, all);
    client.send('before ');
    const visits = crowd(zinetd.port('raw'), CLIENTS);
    file.write({ ...services, more: { ...services.raw } });
    zinetd.signal('SIGHUP');
    await zinetd.event('reloaded');
    const unserved = (await visits).filter(({ code, received }) => code !== undefined || received !== 'ok\n');
    expect(unserved).toEqual([]);
    await shaking;
    client.send('after');
    client.halfClose();
    expect(await client.readAll()).toBe('before after');
    file.write(services);
    zinetd.signal('SIGHUP');
    await zinetd.event('reloaded');
    await strace?.detach();
  } finally {
    await zinetd.finish();
  }
}

describeWith(
  'processes on one core that are stopped and go on at any moment',
  { needs: ['root', { program: 'taskset' }, { program: 'chrt' }, { program: 'strace' }] },
  () => {
    test(
      `serve everybody, reload, count right and leak nothing, ${RUNS} times (F25, S9, B1, B2)`,
      async () => {
        let clean = 0;
        await fc.assert(
          fc.asyncProperty(shakes, fc.boolean(), async (all, hasDelays) => {
            await play(hasDelays ? all : all.slice(1));
            clean++;
            // The long form takes a while: what has been done counts.
            if (clean % 10 === 0 || clean === RUNS) tell(clean);
          }),
          { numRuns: RUNS, endOnFailure: true },
        );
      },
      RUNS * 30_000,
    );
  },
);
