import type { Policy } from '../model/policy.ts';

/**
 * Whether a dispatcher can go over to a policy while it runs. Its tables have the size that they were made with,
 * and the keys in them mean the sources that they were made for.
 */
export function canSwap(running: Policy, next: Policy): boolean {
  return (
    running.sources.ipv4Prefix === next.sources.ipv4Prefix &&
    running.sources.ipv6Prefix === next.sources.ipv6Prefix &&
    running.sources.capacity === next.sources.capacity &&
    running.bans.capacity === next.bans.capacity &&
    running.bans.overflow === next.bans.overflow
  );
}
