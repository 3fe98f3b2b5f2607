import { describe, expect, test } from 'vitest';
import { canSwap } from '../../src/dispatcher/can-swap.ts';
import { policyOf, servicePolicy } from '../admission/example-policy.ts';

const running = policyOf([servicePolicy()]);
const { sources, bans } = running;
const blocked = { path: '/etc/blocked', signature: { identity: '1:2', state: 'as it was' } };

describe('a policy', () => {
  test('with other rules can be swapped in', () => {
    const next = policyOf([servicePolicy({ perSource: 3 })], { watched: [blocked] });
    expect(canSwap(running, next)).toBe(true);
    const exempt = { tables: [], names: [], peers: [] };
    expect(canSwap(running, { ...running, bans: { ...bans, exempt } })).toBe(true);
  });

  test.each([
    { bans: { ...bans, capacity: bans.capacity + 1 } },
    { bans: { ...bans, overflow: bans.overflow === 'oldest' ? 'permissive' : 'oldest' } as typeof bans },
    { sources: { ...sources, capacity: sources.capacity + 1 } },
    { sources: { ...sources, ipv4Prefix: 24 } },
    { sources: { ...sources, ipv6Prefix: 48 } },
  ])('with $bans$sources needs a restart (promise 8)', (changes) => {
    expect(canSwap(running, { ...running, ...changes })).toBe(false);
  });
});
