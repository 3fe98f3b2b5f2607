import { describe, expect, test } from 'vitest';
import type { AccessPolicy, DecidePolicy } from '../../src/model/policy.ts';
import { PlayFloor } from './play-floor.ts';

const access: AccessPolicy = {
  onlyFrom: {
    tables: [],
    names: [{ kind: 'host', name: 'good.example', text: 'good.example', file: 'z.yaml', line: 3 }],
    peers: [],
  },
  noAccess: undefined,
  match: 'specific',
};
const decide: DecidePolicy = {
  asks: { socket: '/run/decide' },
  deadlineMs: 1000,
  onFailure: 'refuse',
  cacheMs: 5000,
};

describe('a connection whose name matters', () => {
  test('waits for it, and is then decided with it', () => {
    const play = new PlayFloor([{ access }]);
    play.arrive();
    play.arrive();
    expect([play.sent, play.events]).toEqual([[], []]);
    play.asked.name[0]?.({ kind: 'known', name: 'good.example' });
    play.asked.name[1]?.({ kind: 'known', name: 'bad.example' });
    expect(play.sent.length).toBe(1);
    expect(play.refusals).toEqual(['address']);
  });

  test('is refused when the name is not confirmed or cannot be had (S41, S42)', () => {
    const play = new PlayFloor([{ access }]);
    for (const name of [
      { kind: 'paranoid', name: 'good.example' },
      { kind: 'unknown', why: 'timeout' },
      { kind: 'unknown', why: 'none' },
    ] as const) {
      play.arrive();
      play.asked.name.at(-1)?.(name);
    }
    expect(play.sent).toEqual([]);
    expect(play.refusals.length).toBe(3);
  });

  test('that still waits when zinetd stops is closed and told of, and its answer comes to nothing (B2)', () => {
    const play = new PlayFloor([{ access }]);
    play.arrive();
    play.floor.close();
    expect(play.closed).toEqual([101]);
    expect(play.events).toMatchObject([{ type: 'failed', failure: { step: 'stopping' } }]);
    play.asked.name[0]?.({ kind: 'known', name: 'good.example' });
    expect([play.sent, play.closed]).toEqual([[], [101]]);
  });
});

describe('a decision of somebody else', () => {
  test('is asked for once while it is kept', () => {
    const play = new PlayFloor([{ decide }]);
    play.arrive();
    play.asked.decision[0]?.({ kind: 'allowed', reason: undefined });
    play.arrive();
    expect(play.asked.decision.length).toBe(1);
    expect(play.sent.length).toBe(2);
    play.world.pass(5001);
    play.arrive();
    expect(play.asked.decision.length).toBe(2);
  });

  test('that did not come is not kept, and fails as the configuration says', () => {
    const play = new PlayFloor([{ decide }]);
    play.arrive();
    play.asked.decision[0]?.({ kind: 'undecided', why: 'timeout' });
    play.arrive();
    expect(play.asked.decision.length).toBe(2);
    expect(play.refusals).toEqual(['decision']);
  });
});
