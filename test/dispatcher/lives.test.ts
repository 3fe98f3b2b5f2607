import { expect, test } from 'vitest';
import { atOnce } from '../../src/dispatcher/at-once.ts';
import { adoptChild, handlerExited, handlerStarted } from '../../src/dispatcher/outcome.ts';
import { renewRules } from '../../src/dispatcher/renew-rules.ts';
import type { LifePolicy } from '../../src/model/life-policy.ts';
import { LONG_LIFE } from '../../src/model/life-policy.ts';
import type { ServicePolicy } from '../../src/model/policy.ts';
import { policyOf, servicePolicy } from '../admission/example-policy.ts';
import { PlayFloor, spawnerEvent } from './play-floor.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const FREE = { crashMs: 0, refusedMs: 0, tooFastMs: 0, timeLimitMs: 0, thresholdMs: 1, maxMs: MINUTE };
const TERM = 15;

function living(life: Partial<LifePolicy>, changes: Partial<ServicePolicy> = {}): Partial<ServicePolicy> {
  return { life: { ...LONG_LIFE, ...life }, ...changes };
}

/** A connection comes in, and its handler starts; the slot is ten times the id. */
function run(play: PlayFloor, service = 0): number {
  const id = play.arrive('192.0.2.7', service);
  handlerStarted(play.floor, spawnerEvent({ id, service, slot: BigInt(10 * id) }));
  return id;
}

function exit(play: PlayFloor, id: number, service = 0): void {
  handlerExited(play.floor, spawnerEvent({ id, service, status: TERM }));
}

function signals(play: PlayFloor): readonly string[] {
  const sent = play.sent as readonly {
    readonly type: string;
    readonly slot?: bigint;
    readonly signal?: string;
  }[];
  return sent.filter(({ type }) => type === 'signal').map(({ slot, signal }) => `${signal} ${slot}`);
}

function ends(play: PlayFloor): readonly unknown[] {
  return play.events.flatMap((event) => (event.type === 'exited' ? [event.end] : []));
}

function reload(play: PlayFloor, services: readonly Partial<ServicePolicy>[]): void {
  const before = play.floor.rules;
  const policy = policyOf(services.map((each) => servicePolicy(each)));
  play.floor.rules = atOnce(renewRules(before, { policy, kept: new Map() })).rules;
  play.floor.lives.reloaded(before);
}

test('a handler that is too old gets TERM, five seconds later KILL, and says why in its record', () => {
  const play = new PlayFloor([living({ maxAgeMs: MINUTE })]);
  const id = run(play);
  play.world.pass(MINUTE - 1);
  expect(signals(play)).toEqual([]);
  play.world.pass(1);
  expect(signals(play)).toEqual(['TERM 10']);
  play.world.pass(4999);
  expect(signals(play)).toEqual(['TERM 10']);
  play.world.pass(1);
  expect(signals(play)).toEqual(['TERM 10', 'KILL 10']);
  play.world.pass(MINUTE);
  expect(signals(play), 'nothing is sent twice').toHaveLength(2);
  exit(play, id);
  expect(ends(play)).toEqual(['age']);
  expect(play.running()).toBe(0);
});

test('one that goes at TERM gets no KILL, and one that goes before gets nothing', () => {
  const play = new PlayFloor([living({ maxAgeMs: MINUTE })]);
  const quick = run(play);
  const obedient = run(play);
  play.world.pass(SECOND);
  exit(play, quick);
  play.world.pass(MINUTE);
  exit(play, obedient);
  play.world.pass(MINUTE);
  expect(signals(play)).toEqual(['TERM 20']);
  expect(ends(play)).toEqual([undefined, 'age']);
});

test('each has its own age, and many that are due together are found in one look', () => {
  const play = new PlayFloor([
    living({ maxAgeMs: MINUTE, onStop: 'wait' }),
    living({}),
    living({ maxAgeMs: SECOND }),
  ]);
  run(play, 0);
  run(play, 1);
  run(play, 2);
  play.world.pass(SECOND);
  expect(signals(play)).toEqual(['TERM 30']);
  for (let count = 0; count < 5; count++) {
    run(play, 0);
    play.world.pass(10);
  }
  play.world.pass(2 * MINUTE);
  expect(signals(play).filter((each) => each.startsWith('TERM'))).toHaveLength(7);
  expect(signals(play)).not.toContain('TERM 20');
});

test('a handler that an earlier dispatcher started is as old as it is', () => {
  const play = new PlayFloor([living({ maxAgeMs: MINUTE })]);
  const durationUs = (MINUTE - SECOND) * 1000;
  adoptChild(play.floor, spawnerEvent({ type: 'child', id: 7, slot: 70n, durationUs }));
  adoptChild(play.floor, spawnerEvent({ type: 'child', id: 8, slot: 80n, durationUs: 2 * MINUTE * 1000 }));
  play.world.pass(0);
  expect(signals(play)).toEqual(['TERM 80']);
  play.world.pass(SECOND);
  expect(signals(play)).toEqual(['TERM 80', 'TERM 70']);
});

test('an age that a reload changes, sets or takes away is that of those who are in, too', () => {
  const named = (life: Partial<LifePolicy>): readonly Partial<ServicePolicy>[] => [
    living(life, { name: 'it' }),
  ];
  const play = new PlayFloor(named({ maxAgeMs: MINUTE }));
  run(play);
  reload(play, named({}));
  play.world.pass(2 * MINUTE);
  expect(signals(play)).toEqual([]);
  reload(play, named({ maxAgeMs: 3 * MINUTE }));
  play.world.pass(MINUTE - 1);
  expect(signals(play)).toEqual([]);
  reload(play, named({ maxAgeMs: SECOND }));
  play.world.pass(0);
  expect(signals(play)).toEqual(['TERM 10']);
});

test('a reload ends the handlers of what it changes or removes, where that said so before', () => {
  const of = (name: string, onReload: LifePolicy['onReload'], imprint: string) =>
    living({ onReload }, { name, imprint });
  const play = new PlayFloor([
    of('changed', 'terminate', 'a'),
    of('gone', 'terminate', 'a'),
    of('same', 'terminate', 'a'),
    of('kept', 'keep', 'a'),
    of('late', 'keep', 'a'),
  ]);
  for (const service of [0, 1, 2, 3, 4]) run(play, service);
  const launching = play.arrive('192.0.2.8', 1);
  reload(play, [
    of('changed', 'keep', 'b'),
    of('same', 'terminate', 'a'),
    of('kept', 'keep', 'b'),
    of('late', 'terminate', 'b'),
  ]);
  expect(signals(play)).toEqual(['TERM 10', 'TERM 20']);
  handlerStarted(play.floor, spawnerEvent({ id: launching, service: 1, slot: 60n }));
  expect(signals(play)).toEqual(['TERM 10', 'TERM 20', 'TERM 60']);
  exit(play, launching, 1);
  expect(ends(play)).toEqual(['reload']);
});

test('a stop ends the handlers of services that say so, those that are about to start as well', () => {
  const play = new PlayFloor([living({ onStop: 'terminate' }), living({})]);
  run(play, 0);
  run(play, 1);
  const launching = play.arrive('192.0.2.8', 0);
  play.floor.close();
  expect(signals(play), 'an upgrade is no stop').toEqual([]);
  play.floor.lives.stop();
  expect(signals(play)).toEqual(['TERM 10']);
  handlerStarted(play.floor, spawnerEvent({ id: launching, service: 0, slot: 30n }));
  expect(signals(play)).toEqual(['TERM 10', 'TERM 30']);
});

test('whom an operator kills at once gets KILL alone, as soon as there is a handler', () => {
  const play = new PlayFloor([living({})]);
  const { lives } = play.floor;
  const id = run(play);
  expect(lives.end(id, { why: 'killed' })).toBe(true);
  expect(lives.end(id, { why: 'killed', isAtOnce: true })).toBe(true);
  const launching = play.arrive('192.0.2.8');
  expect(lives.end(launching, { why: 'killed', isAtOnce: true })).toBe(true);
  expect(signals(play)).toEqual(['TERM 10', 'KILL 10']);
  handlerStarted(play.floor, spawnerEvent({ id: launching, slot: 20n }));
  play.world.pass(MINUTE);
  expect(signals(play)).toEqual(['TERM 10', 'KILL 10', 'KILL 20']);
  exit(play, launching);
  expect(ends(play)).toEqual(['killed']);
  expect(lives.end(launching, { why: 'killed' })).toBe(false);
});

test('each service has its own grace, and who ends later than another may be killed earlier', () => {
  const play = new PlayFloor([living({ graceMs: MINUTE }), living({ graceMs: 500 })]);
  const { lives } = play.floor;
  const slow = run(play, 0);
  const quick = run(play, 1);
  lives.end(slow, { why: 'killed' });
  play.world.pass(SECOND);
  lives.end(quick, { why: 'killed' });
  play.world.pass(499);
  expect(signals(play)).toEqual(['TERM 10', 'TERM 20']);
  play.world.pass(1);
  expect(signals(play)).toEqual(['TERM 10', 'TERM 20', 'KILL 20']);
  play.world.pass(MINUTE);
  expect(signals(play)).toEqual(['TERM 10', 'TERM 20', 'KILL 20', 'KILL 10']);
});

test('the grace of what a reload ends is that of before, as whether it ends at all', () => {
  const of = (graceMs: number, imprint: string) =>
    living({ onReload: 'terminate', graceMs }, { name: 'it', imprint });
  const play = new PlayFloor([of(MINUTE, 'a')]);
  run(play);
  reload(play, [of(SECOND, 'b')]);
  play.world.pass(MINUTE - 1);
  expect(signals(play)).toEqual(['TERM 10']);
  play.world.pass(1);
  expect(signals(play)).toEqual(['TERM 10', 'KILL 10']);
});

test('what zinetd ends has no price for its client', () => {
  const penalties = { ...FREE, exitStatus: [{ status: 1, penaltyMs: MINUTE }] };
  const play = new PlayFloor([living({ maxAgeMs: SECOND }, { penalties })]);
  const failed = (id: number) => handlerExited(play.floor, spawnerEvent({ id, status: 0x100 }));
  const ended = run(play);
  play.world.pass(SECOND);
  failed(ended);
  expect(play.types()).not.toContain('banned');
  failed(run(play));
  expect(play.types()).toContain('banned');
});

test('what had to be ended for its age has the price of a time limit, and only that', () => {
  const exitStatus = [{ status: 1, penaltyMs: MINUTE }];
  const penalties = { ...FREE, timeLimitMs: SECOND, exitStatus };
  const play = new PlayFloor([living({ maxAgeMs: SECOND }, { penalties })]);
  const killed = run(play);
  play.floor.lives.end(killed, { why: 'killed' });
  exit(play, killed);
  expect(play.types()).not.toContain('banned');
  const old = run(play);
  play.world.pass(SECOND);
  handlerExited(play.floor, spawnerEvent({ id: old, status: 0x100 }));
  const [banned] = play.events.filter(({ type }) => type === 'banned');
  expect(banned).toMatchObject({ reason: 'time_limit', forMs: SECOND });
});
