import { describe, expect, test } from 'vitest';
import type { CheckName } from '../../src/model/check-name.ts';
import type { LimitPolicy } from '../../src/model/limit-policy.ts';
import { ALL_REJECT } from '../admission/example-policy.ts';
import { cap, PlayFloor } from './play-floor.ts';

const queue: LimitPolicy = { kind: 'queue' };
const with_ = (policies: Partial<Record<CheckName, LimitPolicy>>) => ({ ...ALL_REJECT, ...policies });

describe('the policy queue', () => {
  test('stops accepting while all instances run, and goes on when one ends', () => {
    const play = new PlayFloor([{ instances: cap(2), policies: with_({ instances: queue }) }]);
    const first = play.arrive('192.0.2.1');
    expect(play.listener).toEqual([]);
    play.arrive('192.0.2.2');
    expect(play.listener).toEqual(['0 pause queue:instances']);
    play.handle(first, { status: 0, from: '192.0.2.1' });
    expect(play.listener).toEqual(['0 pause queue:instances', '0 resume queue:instances']);
    expect(play.refusals).toEqual([]);
  });

  test('of max_processes goes on when a handler of any service ends', () => {
    const policies = with_({ max_processes: queue });
    const play = new PlayFloor([{ policies }, { name: 'b', policies }], { maxProcesses: cap(2) });
    const first = play.arrive('192.0.2.1', 0);
    play.arrive('192.0.2.2', 1);
    expect(play.listener).toEqual(['1 pause queue:max_processes']);
    play.handle(first, { status: 0, from: '192.0.2.1' });
    expect(play.listener.at(-1)).toBe('1 resume queue:max_processes');
  });

  test('of cps waits for the next place in time, by the monotonic clock', () => {
    const cps = { count: 2, perMs: 1000, burst: 2 };
    const play = new PlayFloor([{ cps, policies: with_({ cps: queue }) }]);
    play.arrive('192.0.2.1');
    play.arrive('192.0.2.2');
    expect(play.listener).toEqual(['0 pause queue:cps']);
    play.world.pass(499);
    expect(play.listener.length).toBe(1);
    play.world.pass(2);
    expect(play.listener).toEqual(['0 pause queue:cps', '0 resume queue:cps']);
  });
});

describe('the policy suspend', () => {
  const cps = { count: 1, perMs: 1000, burst: 1 };
  const policies = with_({ cps: { kind: 'suspend', forMs: 10_000 } });

  test('accepts nothing for its time, says so once, and then goes on (S76)', () => {
    const play = new PlayFloor([{ cps, policies }]);
    play.arrive('192.0.2.1');
    play.arrive('192.0.2.2');
    play.arrive('192.0.2.3');
    expect(play.listener).toEqual(['0 pause suspended']);
    expect(play.types().filter((type) => type === 'suspended')).toEqual(['suspended']);
    play.world.pass(10_000);
    expect(play.listener).toEqual(['0 pause suspended', '0 resume suspended']);
    expect(play.types()).toContain('resumed');
    play.arrive('192.0.2.4');
    expect(play.sent.length).toBe(2);
  });

  test('keeps counting the instances that run meanwhile (S10)', () => {
    const play = new PlayFloor([{ cps, instances: cap(1), policies }]);
    play.arrive('192.0.2.1');
    play.arrive('192.0.2.2');
    play.world.pass(10_000);
    expect(play.running()).toBe(1);
    play.arrive('192.0.2.3');
    expect(play.refusals).toEqual(['connections_per_second', 'service_limit']);
  });
});

describe('a refusal', () => {
  const text = [
    { field: 'address' },
    ' may not use ',
    { field: 'service' },
    ': ',
    { field: 'reason' },
  ] as const;

  test('with a text tells the client why, and closes (S96)', () => {
    const policies = with_({ instances: { kind: 'reject', text } });
    const play = new PlayFloor([{ instances: cap(1), policies }]);
    play.arrive();
    play.arrive();
    expect(play.told).toEqual(['192.0.2.7 may not use echo: service_limit']);
    expect(play.closed).toEqual([102]);
  });

  test('in a tarpit is held and fed slowly, within the slots, and let go of by a stop', () => {
    const pit: LimitPolicy = { kind: 'tarpit', bytesPerSecond: 2, slots: 1, text: ['abcd'] };
    const play = new PlayFloor([{ instances: cap(1), policies: with_({ instances: pit }) }]);
    for (let count = 0; count < 3; count++) play.arrive();
    expect(play.closed).toEqual([103]);
    play.world.pass(3000);
    expect(play.told.join('')).toBe('abcdab');
    play.floor.close();
    expect(play.closed).toEqual([103, 102]);
  });
});
