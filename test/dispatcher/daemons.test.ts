import { expect, test } from 'vitest';
import { Daemons, type DaemonUse } from '../../src/dispatcher/daemons.ts';
import { ChildTable } from '../../src/supervise/child-table.ts';
import { FakePoller, fakeBinding } from '../listeners/fake-binding.ts';
import { FakeWorld } from './fake-world.ts';

const SECOND = 1000;
const IDLE_MS = 5 * SECOND;
const SERVICE = 3;

/** A dispatcher with one service that has a daemon; ids of launches begin at 1. */
class Play {
  readonly world = new FakeWorld();
  readonly ended: number[] = [];
  readonly launched: number[] = [];
  readonly came: string[] = [];
  idleStopMs: number | undefined = IDLE_MS;
  hasSockets = true;
  readonly daemons: Daemons;
  #nextFd = 10;

  constructor() {
    const binding = fakeBinding({
      close: () => 0,
      socketPair: (pair) => {
        if (!this.hasSockets) return -24;
        pair.set([this.#nextFd++, this.#nextFd++]);
        return 0;
      },
    });
    this.daemons = new Daemons({
      ...{ binding, poller: new FakePoller().poller, world: this.world, children: new ChildTable() },
      link: { send: () => {} },
      lives: { end: (id) => this.ended.push(id) > 0, isEnding: (id) => this.ended.includes(id) },
      nextId: () => this.launched.push(this.launched.length + 1),
      idleStopMs: () => this.idleStopMs,
      onLaunch: () => {},
    });
  }

  /** A client comes; `came` says when the daemon is there for it. */
  come(name: string): DaemonUse {
    const use = this.daemons.use(SERVICE);
    use.whenUp(() => this.came.push(name));
    return use;
  }
}

test('a daemon is started once for all who wait, and they hear of it at once when it is there', () => {
  const play = new Play();
  for (const name of ['a', 'b']) play.come(name);
  expect(play).toMatchObject({ launched: [1], came: [] });
  play.daemons.up(SERVICE, 1);
  play.come('c');
  expect(play).toMatchObject({ launched: [1], came: ['a', 'b', 'c'] });
});

test('it is ended when the last one has gone and nobody comes in time', () => {
  const play = new Play();
  const [first, second] = [play.come('a'), play.come('b')];
  play.daemons.up(SERVICE, 1);
  first.end();
  play.world.pass(2 * IDLE_MS);
  second.end();
  play.world.pass(IDLE_MS - 1);
  const third = play.come('c');
  play.world.pass(IDLE_MS);
  expect(play.ended).toEqual([]);
  third.end();
  play.world.pass(IDLE_MS);
  expect(play.ended).toEqual([1]);
});

test('one that nobody waits for any more once it is there is ended as well, and so is one of before', () => {
  const play = new Play();
  play.come('a').end();
  play.daemons.up(SERVICE, 1);
  play.world.pass(IDLE_MS);
  expect(play).toMatchObject({ ended: [1], came: [] });
  const next = new Play();
  next.daemons.up(SERVICE, 77);
  next.world.pass(IDLE_MS);
  expect(next.ended).toEqual([77]);
});

test('who comes while it is being ended gets the next one, not sooner than a second after the last start', () => {
  const play = new Play();
  play.idleStopMs = 100;
  play.come('a').end();
  play.daemons.up(SERVICE, 1);
  play.world.pass(100);
  play.come('b');
  expect(play).toMatchObject({ ended: [1], launched: [1], came: [] });
  play.daemons.over(SERVICE, 1);
  play.world.pass(SECOND - 101);
  expect(play.launched).toEqual([1]);
  play.world.pass(1);
  expect(play.launched).toEqual([1, 2]);
  play.daemons.up(SERVICE, 2);
  expect(play.came).toEqual(['b']);
});

test('one that others have told to end is waited for as well, also by the next dispatcher', () => {
  const play = new Play();
  play.come('a');
  play.daemons.up(SERVICE, 1);
  play.ended.push(1);
  play.come('b');
  expect(play.came).toEqual(['a']);
  const next = new Play();
  next.ended.push(77);
  next.daemons.up(SERVICE, 77);
  next.come('c');
  expect(next).toMatchObject({ launched: [], came: [] });
  next.daemons.over(SERVICE, 77);
  expect(next.launched).toEqual([1]);
  next.daemons.up(SERVICE, 1);
  expect(next.came).toEqual(['c']);
});

test('one that cannot be started is tried again for as long as somebody waits', () => {
  const play = new Play();
  play.hasSockets = false;
  const use = play.come('a');
  play.world.pass(SECOND);
  play.hasSockets = true;
  play.world.pass(SECOND);
  expect(play.launched).toEqual([1]);
  play.daemons.over(SERVICE, 1);
  play.world.pass(SECOND);
  expect(play.launched).toEqual([1, 2]);
  use.end();
  play.daemons.over(SERVICE, 2);
  play.world.pass(10 * SECOND);
  expect(play).toMatchObject({ launched: [1, 2], came: [] });
});

test('one whose service a reload has given to somebody else is ended with its last connection', () => {
  const play = new Play();
  const use = play.come('a');
  play.idleStopMs = undefined;
  play.daemons.up(SERVICE, 1);
  play.daemons.up(SERVICE, 50);
  expect(play.came).toEqual(['a']);
  play.daemons.over(SERVICE, 50);
  use.end();
  play.world.pass(0);
  expect(play.ended).toEqual([1]);
});

test('none is started or ended any more once this dispatcher has done', () => {
  const play = new Play();
  const use = play.come('a');
  play.daemons.up(SERVICE, 1);
  play.daemons.close();
  use.end();
  play.daemons.over(SERVICE, 1);
  play.come('b');
  play.world.pass(10 * IDLE_MS);
  expect(play).toMatchObject({ launched: [1], ended: [] });
});
