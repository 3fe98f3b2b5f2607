import type { Policy } from '../model/policy.ts';

/**
 * The settings that keep a dispatcher from going over to a policy while it runs. Its tables have the size that they
 * were made with, and the keys in them mean the sources that they were made for.
 */
export function restartNeeds(running: Policy, next: Policy): readonly string[] {
  const changes: readonly (readonly [string, boolean])[] = [
    ['sources.ipv4_prefix', running.sources.ipv4Prefix !== next.sources.ipv4Prefix],
    ['sources.ipv6_prefix', running.sources.ipv6Prefix !== next.sources.ipv6Prefix],
    ['sources.capacity', running.sources.capacity !== next.sources.capacity],
    ['bans.capacity', running.bans.capacity !== next.bans.capacity],
    ['bans.overflow', running.bans.overflow !== next.bans.overflow],
  ];
  return changes.filter(([, isOther]) => isOther).map(([setting]) => setting);
}
