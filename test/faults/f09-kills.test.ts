import { afterAll, describe, expect, test } from 'vitest';
import { connect } from '../harness/client.ts';
import { visit } from '../harness/crowd.ts';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import { startZinetd } from '../harness/start-zinetd.ts';
import { quietPort } from '../integration/quiet-port.ts';
import { AT_ONCE, KillRound, type Worker } from './kill-rounds.ts';
import { record } from './record.ts';
import { scaled } from './scale.ts';

/** Of each process: 500 in all in the long form. */
const ROUNDS = scaled({ short: 5, long: 125 });
const ROUND_MS = 30_000;
/** A second is the promise; the machine of a test run may be busy. */
const AGAIN_MS = 10_000;

type Phase = () => Promise<void>;

/** What the rounds came to, for the record. */
class Figures {
  #served = 0;
  #cut = 0;
  #longestMs = 0;

  clients({ served, cut }: { readonly served: number; readonly cut: number }): void {
    this.#served += served;
    this.#cut += cut;
  }

  away(durationMs: number): void {
    this.#longestMs = Math.max(this.#longestMs, durationMs);
  }

  print(what: string): void {
    const tell = (figure: string, row: { readonly value: number; readonly bar: string }): void =>
      record({ fault: 'F9', figure: `kill -9 of the ${what}: ${figure}`, ...row });
    tell('rounds', { value: ROUNDS, bar: '125 of each, 500 in all' });
    if (this.#served > 0) {
      tell('clients who were served meanwhile', { value: this.#served, bar: 'all but those in its hands' });
      tell('clients who were cut off, being in its hands', {
        value: this.#cut,
        bar: `at most ${AT_ONCE} a round`,
      });
      tell('clients who were refused', { value: 0, bar: '0' });
    }
    if (this.#longestMs === 0) return;
    const bar = 'at most 1,000';
    tell('longest until its sockets were served, or free, ms', { value: Math.round(this.#longestMs), bar });
  }
}

/** All phases in turn, each as often as the others. */
async function rounds(phases: readonly Phase[]): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) {
    try {
      await phases[round % phases.length]?.();
    } catch (error) {
      throw new Error(`Round ${round}, phase ${round % phases.length}`, { cause: error });
    }
  }
}

/** After whatever happened to a reload, the next one is made. */
async function reloads(round: KillRound): Promise<void> {
  for (;;) {
    round.askReload();
    const { event } = await round.zinetd.event(
      ({ event }) => event === 'reloaded' || event === 'reload-failed',
    );
    if (event === 'reloaded') return;
  }
}

/** Nobody has noticed anything, and it can be reloaded and stopped. */
async function expectUnharmed(round: KillRound): Promise<void> {
  expect(await round.isServing()).toBe(true);
  expect(await round.release()).toBe('before after');
  await reloads(round);
  await round.zinetd.stop();
}

async function whileStarting(worker: Worker): Promise<KillRound> {
  const round = await KillRound.of({ isServing: false });
  await round.kill(worker);
  return round;
}

async function whileServing(): Promise<KillRound> {
  const round = await KillRound.of({ isServing: true });
  await round.hold();
  return round;
}

/** With clients coming all the time, so that launches are under way. */
async function underLoad(
  { round, figures }: { readonly round: KillRound; readonly figures: Figures },
  act: () => Promise<void>,
): Promise<void> {
  const load = round.load();
  await round.zinetd.event((record) => record.event === 'exited' && record.service === 'busy');
  await act();
  const { served, refused, cut } = await load;
  figures.clients({ served, cut });
  expect(refused).toBe(0);
  // Those that it had accepted, and had not passed on.
  expect(cut).toBeLessThanOrEqual(round.mostCut);
}

describe('kill -9 of the dispatcher (S129, F9)', () => {
  const figures = new Figures();
  afterAll(() => figures.print('dispatcher'));
  const restarted = async (round: KillRound): Promise<void> => {
    const killedMs = performance.now();
    await round.zinetd.event('ready');
    figures.away(performance.now() - killedMs);
    expect(performance.now() - killedMs).toBeLessThan(AGAIN_MS);
    await expectUnharmed(round);
  };

  test(`is nothing to handlers and to clients that wait, in every phase: ${ROUNDS} rounds`, {
    timeout: ROUNDS * ROUND_MS,
  }, async () => {
    await rounds([
      async () => {
        const round = await whileStarting('dispatcher');
        await round.zinetd.event('ready');
        expect(await round.isServing()).toBe(true);
        await round.zinetd.stop();
      },
      async () => {
        const round = await whileServing();
        await underLoad({ round, figures }, () => round.kill('dispatcher'));
        await restarted(round);
      },
      async () => {
        const round = await whileServing();
        round.askReload();
        await round.worker('compiler');
        await round.kill('dispatcher');
        await restarted(round);
      },
      async () => {
        const round = await whileServing();
        const dispatcher = await round.worker('dispatcher');
        round.askReload();
        await round.gone([await round.worker('compiler')]);
        process.kill(dispatcher, 'SIGKILL');
        await restarted(round);
      },
      async () => {
        const round = await whileServing();
        round.zinetd.signal('SIGTERM');
        await round.zinetd.event('stopping');
        await round.kill('dispatcher');
        expect(await round.release()).toBe('before after');
        expect(await round.zinetd.ended).toBe(0);
      },
    ]);
  });
});

describe('kill -9 of the compiler (S129, F9)', () => {
  const figures = new Figures();
  afterAll(() => figures.print('compiler'));
  test(`ends a start, and of a reload it is the failure: ${ROUNDS} rounds`, {
    timeout: ROUNDS * ROUND_MS,
  }, async () => {
    await rounds([
      async () => {
        const round = await whileStarting('compiler');
        expect(await round.zinetd.ended).toBe(3);
        expect(round.zinetd.stderr).toContain('Cannot compile the configuration');
      },
      async () => {
        const round = await whileServing();
        round.askReload();
        await round.kill('compiler');
        await round.zinetd.event('reload-failed');
        await expectUnharmed(round);
      },
      async () => {
        const round = await whileServing();
        await underLoad({ round, figures }, async () => {
          round.askReload();
          await round.kill('compiler');
        });
        await round.zinetd.event('reload-failed');
        await expectUnharmed(round);
      },
    ]);
  });
});

describe('kill -9 of the resolver (S129, F9)', () => {
  const figures = new Figures();
  afterAll(() => figures.print('resolver'));
  test(`costs look-ups until there is another: ${ROUNDS} rounds`, {
    timeout: ROUNDS * ROUND_MS,
  }, async () => {
    const another = async (round: KillRound): Promise<void> => {
      await round.zinetd.event('resolver-restarted');
      await expectUnharmed(round);
    };
    await rounds([
      async () => {
        const round = await whileStarting('resolver');
        await round.zinetd.event('ready');
        await round.worker('resolver');
        expect(await round.isServing()).toBe(true);
        await round.zinetd.stop();
      },
      async () => {
        const round = await whileServing();
        await underLoad({ round, figures }, () => round.kill('resolver'));
        await another(round);
      },
      async () => {
        const round = await whileServing();
        round.askReload();
        await round.worker('compiler');
        await round.kill('resolver');
        await another(round);
      },
      async () => {
        const round = await whileServing();
        round.zinetd.signal('SIGTERM');
        await round.zinetd.event('stopping');
        await round.kill('resolver');
        expect(await round.release()).toBe('before after');
        expect(await round.zinetd.ended).toBe(0);
      },
    ]);
  });
});

describe('kill -9 of the spawner (S129, F9)', () => {
  test('leaves the address of a service that waits to its handler, for as long as that runs', async () => {
    const user = isRoot ? { user: 'nobody' } : {};
    const listen = `tcp://127.0.0.1:${quietPort()}`;
    const waiter = { listen, wait: true, server: '/bin/sleep', server_args: ['1000'], ...user };
    const other = { listen: 'tcp://127.0.0.1:0', server: handler('raw'), ...user };
    const config = { services: { waiter, other } };
    const zinetd = await startZinetd({ config, lossy: true });
    await connect(zinetd.port('waiter'));
    const { pid = 0 } = await zinetd.event('started');
    zinetd.signal('SIGKILL');
    expect(await zinetd.ended).toBe('SIGKILL');
    const next = await startZinetd({ config });
    expect(await next.event('listen-failed')).toMatchObject({ service: 'waiter', error: 'EADDRINUSE' });
    expect(await visit(next.port('other'))).toMatchObject({ received: 'ok\n' });
    process.kill(pid, 'SIGKILL');
    await next.event((record) => record.event === 'listening' && record.service === 'waiter');
    await next.stop(); // it has one listener more than at the start
  });

  const figures = new Figures();
  afterAll(() => figures.print('spawner'));
  /** Nothing of zinetd is left, and another zinetd has the same sockets; gives when they were free. */
  const replaced = async (round: KillRound, pids: readonly number[]): Promise<number> => {
    round.zinetd.signal('SIGKILL');
    const killedMs = performance.now();
    await round.free();
    const freeMs = performance.now() - killedMs;
    expect(await round.zinetd.ended).toBe('SIGKILL');
    await round.gone(pids);
    const next = await round.again();
    expect(next.log.count('listen-failed')).toBe(0);
    expect(await round.isServing()).toBe(true);
    await next.stop();
    return freeMs;
  };
  const replacedAtOnce = async (round: KillRound): Promise<void> => {
    const freeMs = await replaced(round, round.own());
    figures.away(freeMs);
    expect(freeMs).toBeLessThan(AGAIN_MS);
    expect(await round.release()).toBe('before after');
  };

  test(`ends zinetd, and no handler; the next one binds at once: ${ROUNDS} rounds`, {
    timeout: ROUNDS * ROUND_MS,
  }, async () => {
    await rounds([
      async () => {
        const round = await KillRound.of({ isServing: false });
        await round.worker('compiler');
        await replaced(round, round.own());
      },
      async () => {
        const round = await KillRound.of({ isServing: false });
        await round.worker('dispatcher');
        await replaced(round, round.own());
      },
      async () => {
        const round = await whileServing();
        const load = round.load();
        await round.zinetd.event((record) => record.event === 'exited' && record.service === 'busy');
        const replacing = replacedAtOnce(round);
        await load;
        await replacing;
      },
      async () => {
        const round = await whileServing();
        round.askReload();
        await round.worker('compiler');
        await replacedAtOnce(round);
      },
      async () => {
        const round = await whileServing();
        round.zinetd.signal('SIGTERM');
        await round.zinetd.event('stopping');
        await replacedAtOnce(round);
      },
    ]);
  });
});
