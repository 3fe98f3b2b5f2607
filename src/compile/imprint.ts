import type { Service } from '../model/service.ts';
import type { Digests } from './digest.ts';

/**
 * The same for as long as the handlers of a service are what they were, and their clients come to where they came: the
 * dispatcher is told of no program. Who may come is not in it: whoever is in stays, whatever a list says now.
 */
export function imprintOf(
  { programs, listeners, isWaiting, builtin, redirect, mux, sni, cgroup }: Service,
  digests: Digests,
): string {
  return digests.of({
    programs,
    listeners,
    isWaiting,
    builtin,
    to: redirect?.to,
    mux,
    sni,
    ends: cgroup?.isEnding,
  });
}
