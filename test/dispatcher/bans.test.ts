import { describe, expect, test } from 'vitest';
import { buildPrefixTable } from '../../src/compile/prefix-table.ts';
import type { Penalties } from '../../src/model/penalties.ts';
import { PrefixListBuilder } from '../../src/model/prefix-list.ts';
import { PlayFloor } from './play-floor.ts';

const SIGSEGV = 11;
const SIGTERM = 15;
const penalties: Penalties = {
  crashMs: 90_000,
  refusedMs: 5000,
  tooFastMs: 1000,
  timeLimitMs: 0,
  exitStatus: [{ status: 3, penaltyMs: 20_000 }],
  thresholdMs: 15_000,
  maxMs: 600_000,
};

function exempting(address: readonly number[]) {
  const builder = new PrefixListBuilder();
  builder.add({ bytes: Uint8Array.from(address), length: 32 }, 1);
  return { tables: [buildPrefixTable(builder.finish(), 'x')], names: [], peers: [] };
}

describe('a handler that crashes', () => {
  test('gets its client banned from all services, and nobody else (S76)', () => {
    const play = new PlayFloor([{ penalties }, { name: 'other' }]);
    play.handle(play.arrive('192.0.2.1'), { status: SIGSEGV, from: '192.0.2.1' });
    expect(play.events.at(-1)).toMatchObject({ type: 'banned', reason: 'crash', forMs: 90_000 });
    play.arrive('192.0.2.1', 1);
    expect(play.refusals).toEqual(['banned']);
    play.arrive('192.0.2.2');
    play.arrive('192.0.2.2', 1);
    expect(play.sent.length).toBe(3);
    play.world.pass(90_001);
    play.arrive('192.0.2.1', 1);
    expect(play.sent.length).toBe(4);
  });

  test('is none when it was ended by a signal that anybody sends', () => {
    const play = new PlayFloor([{ penalties }]);
    play.handle(play.arrive(), { status: SIGTERM });
    play.arrive();
    expect(play.refusals).toEqual([]);
  });

  test('may be told by its exit status', () => {
    const play = new PlayFloor([{ penalties }]);
    play.handle(play.arrive(), { status: 3 << 8 });
    play.arrive();
    expect(play.refusals).toEqual(['banned']);
  });
});

describe('penalties', () => {
  test('add up, and ban once they reach the threshold', () => {
    const access = {
      onlyFrom: { tables: [], names: [], peers: [] },
      noAccess: undefined,
      match: 'specific',
    } as const;
    const play = new PlayFloor([{ penalties, access }]);
    for (let count = 0; count < 4; count++) play.arrive();
    expect(play.refusals).toEqual(['address', 'address', 'address', 'banned']);
    expect(play.types().filter((type) => type === 'banned').length).toBe(1);
  });

  test('never touch who is exempt', () => {
    const bans = { capacity: 256, overflow: 'permissive', exempt: exempting([192, 0, 2, 7]) } as const;
    const play = new PlayFloor([{ penalties }], { bans });
    play.handle(play.arrive(), { status: SIGSEGV });
    play.arrive();
    expect(play.refusals).toEqual([]);
  });
});

describe('who is exempt since a moment ago', () => {
  test('is not banned any more, either (S62)', () => {
    const play = new PlayFloor([{ penalties }]);
    play.handle(play.arrive(), { status: SIGSEGV });
    play.arrive();
    const { rules } = play.floor;
    const bans = { ...rules.policy.bans, exempt: exempting([192, 0, 2, 7]) };
    play.floor.rules = { ...rules, policy: { ...rules.policy, bans } };
    play.arrive();
    expect(play.refusals).toEqual(['banned']);
    expect(play.sent.length).toBe(2);
  });
});

describe('a sensor', () => {
  test('bans whoever connects, for its time, and serves nobody', () => {
    const play = new PlayFloor([{ name: 'trap', sensor: { denyMs: 60_000 } }, {}]);
    play.arrive('192.0.2.1', 0);
    play.arrive('192.0.2.1', 1);
    expect(play.refusals).toEqual(['sensor', 'banned']);
    expect(play.sent).toEqual([]);
    play.world.pass(60_001);
    play.arrive('192.0.2.1', 1);
    expect(play.sent.length).toBe(1);
  });

  test('that only watches bans nobody; one for ever does so for ever', () => {
    const play = new PlayFloor([
      { sensor: { denyMs: 0 } },
      { sensor: { denyMs: Number.POSITIVE_INFINITY } },
      {},
    ]);
    play.arrive('192.0.2.1', 0);
    play.arrive('192.0.2.1', 2);
    expect(play.sent.length).toBe(1);
    play.arrive('192.0.2.1', 1);
    play.world.pass(1e12);
    play.arrive('192.0.2.1', 2);
    expect(play.refusals).toEqual(['sensor', 'sensor', 'banned']);
  });
});
