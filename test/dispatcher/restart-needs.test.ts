import { describe, expect, test } from 'vitest';
import { restartNeeds } from '../../src/dispatcher/restart-needs.ts';
import { policyOf, servicePolicy } from '../admission/example-policy.ts';

const running = policyOf([servicePolicy()]);
const { sources, bans } = running;
const blocked = { path: '/etc/blocked', signature: { identity: '1:2', state: 'as it was' } };

describe('a policy', () => {
  test('with other rules needs no restart', () => {
    const next = policyOf([servicePolicy({ perSource: 3 })], { watched: [blocked] });
    expect(restartNeeds(running, next)).toEqual([]);
    const exempt = { tables: [], names: [], peers: [] };
    expect(restartNeeds(running, { ...running, bans: { ...bans, exempt } })).toEqual([]);
  });

  test.each([
    ['bans.capacity', { bans: { ...bans, capacity: bans.capacity + 1 } }],
    [
      'bans.overflow',
      { bans: { ...bans, overflow: bans.overflow === 'oldest' ? 'permissive' : 'oldest' } as typeof bans },
    ],
    ['sources.capacity', { sources: { ...sources, capacity: sources.capacity + 1 } }],
    ['sources.ipv4_prefix', { sources: { ...sources, ipv4Prefix: 24 } }],
    ['sources.ipv6_prefix', { sources: { ...sources, ipv6Prefix: 48 } }],
  ])('with another "%s" does (promise 8)', (setting, changes) => {
    expect(restartNeeds(running, { ...running, ...changes })).toEqual([setting]);
  });
});
