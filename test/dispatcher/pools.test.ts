import { constants } from 'node:os';
import { expect, test } from 'vitest';
import { Pools } from '../../src/dispatcher/pools.ts';
import { prepareRules } from '../../src/dispatcher/prepare-rules.ts';
import type { Rules } from '../../src/dispatcher/rules.ts';
import { Bus } from '../../src/events/bus.ts';
import type { ZinetdEvent } from '../../src/events/event.ts';
import type { PoolPolicy } from '../../src/model/pool-policy.ts';
import { Descriptor } from '../../src/native/descriptor.ts';
import { ChildTable } from '../../src/supervise/child-table.ts';
import { endpoint } from '../admission/example-facts.ts';
import { policyOf, servicePolicy } from '../admission/example-policy.ts';
import { FakePoller, fakeBinding } from '../listeners/fake-binding.ts';
import { FakeWorld } from './fake-world.ts';
import { toldFailures } from './told-failures.ts';

const { EAGAIN } = constants.errno;
const usage = { userUs: 0, systemUs: 0, maxRssKb: 0 };
const CRASH = { status: undefined, signal: 11, durationMs: 1, ...usage };
const DONE = { status: 0, signal: undefined, durationMs: 1, ...usage };
const FIRST_CLIENT = 1000;
const WRITABLE = 4;

function rulesWith(pool: Partial<PoolPolicy> | undefined, imprint: string): Rules {
  const defaults = { workers: 2, maxConnections: 2, maxRequests: undefined, maxAgeMs: undefined };
  return prepareRules(policyOf([servicePolicy({ pool: pool && { ...defaults, ...pool }, imprint })]));
}

/** A dispatcher whose workers are the test; the first has the id 1 and the channel 10, the next 2 and 20. */
class Play {
  readonly world = new FakeWorld();
  readonly poller = new FakePoller();
  readonly events: ZinetdEvent[] = [];
  readonly launched: number[] = [];
  readonly ended: number[] = [];
  readonly closed: number[] = [];
  readonly dismissed: number[] = [];
  readonly gate: string[] = [];
  readonly penalties: unknown[] = [];
  /** What each channel has for us, and those that take nothing. */
  readonly reports = new Map<number, string[]>();
  readonly full = new Set<number>();
  spent = 0;
  rules: Rules;
  readonly pools: Pools;
  #clients = 0;

  constructor(pool: Partial<PoolPolicy> = {}) {
    const bus = new Bus();
    bus.subscribe((event) => this.events.push(event));
    this.rules = rulesWith(pool, 'a');
    const binding = fakeBinding({
      packetPair: (pair) => {
        const channel = 10 * (this.launched.length + 1);
        pair.set([channel, channel + 1]);
        return 0;
      },
      sendBatch: (fd) => (this.full.has(fd) ? -EAGAIN : 1),
      receive: (fd, bytes) => {
        const report = this.reports.get(fd)?.shift();
        return report === undefined ? -EAGAIN : Buffer.from(report, 'latin1').copy(bytes);
      },
      shutdownWrite: (fd) => this.dismissed.push(fd) * 0,
      close: (fd) => this.closed.push(fd) * 0,
    });
    this.pools = new Pools({
      ...{ binding, poller: this.poller.poller, world: this.world, bus, children: new ChildTable() },
      link: { send: () => {} },
      gate: {
        pause: (_service, reason) => void this.gate.push(`pause ${reason}`),
        resume: (_service, reason) => void this.gate.push(`resume ${reason}`),
      },
      lives: { enter: () => {}, leave: () => {}, endWorker: (id) => void this.ended.push(id) },
      failures: toldFailures(bus),
      timings: { took: () => {} },
      rules: () => this.rules,
      nextId: () => this.launched.push(this.launched.length + 1),
      onLaunch: () => {},
      onEnd: () => {},
      penalise: (_connection, outcome) => void this.penalties.push(outcome),
    });
    this.pools.look();
  }

  /** Workers that were asked for run. */
  up(...ids: readonly number[]): this {
    for (const id of ids) this.pools.up(id, 100 + id);
    return this;
  }

  /** A client is admitted; gives its number. */
  come(): number {
    const id = FIRST_CLIENT + this.#clients++;
    const connection = { id, service: 0, peer: endpoint('192.0.2.7', 4000) };
    const descriptor = new Descriptor(fakeBinding({ close: (fd) => this.closed.push(fd) * 0 }), id);
    const ticket = { spend: () => this.spent++ };
    this.pools.begin({
      connection,
      descriptor,
      ticket,
      severity: undefined,
      told: undefined,
      sinceMs: undefined,
    });
    return id;
  }

  /** The worker of a channel says something. */
  say(channel: number, ...reports: readonly string[]): void {
    this.reports.set(channel, [...reports]);
    this.poller.ready(this.poller.token(channel));
  }

  /** Pids of the starts and ends so far. */
  pids(type: 'started' | 'exited'): readonly (number | undefined)[] {
    return this.events.flatMap((event) => (event.type === type ? [event.pid] : []));
  }

  ends(): readonly object[] {
    return this.events.flatMap((event) =>
      event.type === 'exited'
        ? [{ status: event.exit.status, signal: event.exit.signal, end: event.end }]
        : [],
    );
  }
}

test('what a worker has reported ahead of its end is what its connections ended with', () => {
  const play = new Play().up(1);
  const [first] = [play.come(), play.come()];
  play.reports.set(10, [`\x05${first}`]);
  play.pools.over(1, { exit: CRASH, end: undefined });
  expect(play.ends()).toEqual([
    { status: 5, signal: undefined, end: undefined },
    { status: undefined, signal: 11, end: undefined },
  ]);
  expect(play.spent).toBe(2);
});

test('a crash has a price where the worker had one connection, and for nobody where it had several (S62)', () => {
  const alone = new Play().up(1);
  alone.come();
  alone.pools.over(1, { exit: CRASH, end: undefined });
  expect(alone.penalties).toEqual(['crash']);
  const several = new Play({ workers: 1 }).up(1);
  several.come();
  several.come();
  several.pools.over(1, { exit: CRASH, end: undefined });
  expect(several).toMatchObject({ penalties: [], spent: 2 });
});

test('a worker that takes nothing is passed over, until it takes something again', () => {
  const play = new Play().up(1, 2);
  play.full.add(10);
  for (let count = 0; count < 3; count++) play.come();
  expect(play.pids('started')).toEqual([102, 102]);
  play.full.delete(10);
  play.poller.ready(play.poller.token(10), WRITABLE);
  expect(play.pids('started')).toEqual([102, 102, 101]);
});

test('nobody comes in while there are as many as can be served, waiting ones included, and then they do again', () => {
  const play = new Play({ workers: 1 });
  play.come();
  expect(play.gate).toEqual([]);
  const second = play.come();
  expect(play.gate).toEqual(['pause workers']);
  play.up(1);
  expect(play.pids('started')).toEqual([101, 101]);
  play.say(10, `\0${second}`);
  expect(play.gate).toEqual(['pause workers', 'resume workers']);
});

test('the successor of a worker is started ahead of its last connections, and has its place once it runs', () => {
  const play = new Play({ workers: 1, maxRequests: 20 }).up(1);
  for (let count = 0; count < 17; count++) play.say(10, `\0${play.come()}`);
  expect(play.launched).toEqual([1]);
  play.say(10, `\0${play.come()}`);
  expect(play).toMatchObject({ launched: [1, 2], dismissed: [] });
  play.up(2);
  expect(play.dismissed).toEqual([10]);
});

test('workers on their way out are not so many: the one that has been for the longest is ended', () => {
  const play = new Play({ workers: 1, maxConnections: 1 });
  for (let round = 1; round <= 4; round++) {
    play.up(round);
    play.come();
    play.rules = rulesWith({ workers: 1, maxConnections: 1 }, `imprint ${round}`);
    play.pools.look();
  }
  expect(play).toMatchObject({ launched: [1, 2, 3, 4, 5], dismissed: [10, 20, 30, 40], ended: [1, 2] });
});

test('one that has nothing to do and does not end is ended after its grace', () => {
  const play = new Play({ workers: 1 }).up(1);
  play.rules = rulesWith({ workers: 1 }, 'b');
  play.pools.look();
  play.world.pass(4999);
  expect(play).toMatchObject({ dismissed: [10], ended: [] });
  play.world.pass(1);
  expect(play.ended).toEqual([1]);
});

test('workers that end at once are tried ten times, then one a second (S66)', () => {
  const play = new Play({ workers: 2 });
  for (let id = 1; id <= 11; id++) {
    play.up(id);
    play.pools.over(id, { exit: DONE, end: undefined });
  }
  expect(play.launched).toHaveLength(11);
  play.world.pass(1000);
  expect(play.launched).toHaveLength(12);
  play.world.pass(1000);
  expect(play.launched).toHaveLength(13);
  play.world.pass(10_000);
  expect(play.launched, 'there are two').toHaveLength(13);
});

test('who waits is told so when the pool is gone, and when this dispatcher ends', () => {
  const gone = new Play({ workers: 1 });
  gone.come();
  gone.rules = rulesWith(undefined, 'a');
  gone.pools.look();
  const stopped = new Play({ workers: 1 });
  stopped.come();
  stopped.pools.close();
  stopped.come();
  for (const { events } of [gone, stopped]) expect(events.every(({ type }) => type === 'failed')).toBe(true);
  expect([gone.spent, stopped.spent]).toEqual([1, 2]);
  expect(stopped.events).toHaveLength(2);
});

test('what workers still have when this dispatcher ends is told of, once (promise 7)', () => {
  const play = new Play().up(1, 2);
  for (let count = 0; count < 3; count++) play.come();
  play.pools.close();
  play.pools.finish();
  expect(play.ends()).toEqual(Array(3).fill({ status: undefined, signal: undefined, end: 'stopping' }));
  expect(play.spent).toBe(3);
});
