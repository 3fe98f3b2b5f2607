import type { ListenerAction, ReloadPlan } from '../control/messages.ts';
import { describeListen, type ListenPlace } from '../model/listen-address.ts';
import { doListenersClash } from '../model/listener-clash.ts';
import type { Policy, ServicePolicy } from '../model/policy.ts';
import type { ConfiguredListener } from './configured-listener.ts';
import { listenersOf } from './listeners-of.ts';
import type { Rules } from './rules.ts';

export interface Reload {
  readonly running: Pick<Rules, 'policy' | 'rows'>;
  readonly policy: Policy;
  /** Sockets that stay: rows of the launch table to come, with our numbers for them. */
  readonly kept: ReadonlyMap<number, number>;
}

type ByName = ReadonlyMap<string, ServicePolicy>;

function byName({ services, desks }: Policy): ByName {
  return new Map([...services, ...desks].map((service) => [service.name, service]));
}

function isChanged(name: string, { before, after }: { before: ByName; after: ByName }): boolean {
  return before.get(name)?.digest !== after.get(name)?.digest;
}

function planServices(
  { running, policy }: Reload,
  names: { before: ByName; after: ByName },
): ReloadPlan['services'] {
  const added = policy.services.filter(({ name }) => !names.before.has(name));
  const removed = running.policy.services.filter(({ name }) => !names.after.has(name));
  const stay = policy.services.filter(({ name }) => names.before.has(name));
  const changed = stay.filter(({ name }) => isChanged(name, names));
  return {
    added: added.map(({ name }) => name),
    removed: removed.map(({ name }) => name),
    changed: changed.map(({ name }) => name),
    unchanged: stay.length - changed.length,
  };
}

/** What only those can clash that have it in common, so that thousands need not be compared with each other. */
function clashKey({ scheme, address }: ListenPlace): string {
  return address.family === 'path' ? address.path : `${scheme}:${address.port}`;
}

function clashFinder(going: readonly ConfiguredListener[]): (place: ListenPlace) => boolean {
  const byKey = new Map<string, ListenPlace[]>();
  for (const { configured } of going) {
    const key = clashKey(configured);
    byKey.set(key, [...(byKey.get(key) ?? []), configured]);
  }
  return (place) =>
    (byKey.get(clashKey(place)) ?? []).some((configured) => doListenersClash(configured, place));
}

/**
 * What going over to a policy does to services and sockets. `swap` is for an address that one that goes has until then,
 * which is not listed by itself if that is all it had.
 */
export function planReload(reload: Reload): ReloadPlan {
  const { running, policy, kept } = reload;
  const names = { before: byName(running.policy), after: byName(policy) };
  const stay = new Set(kept.values());
  const going = [...running.rows].filter(([row]) => !stay.has(row)).map(([, listener]) => listener);
  const hasToGo = clashFinder(going);
  const actionOf = (row: number, name: string, place: ListenPlace): ListenerAction => {
    if (kept.has(row)) return isChanged(name, names) ? 'update' : 'keep';
    return hasToGo(place) ? 'swap' : 'open';
  };
  const coming = listenersOf(policy).map(({ name, configured }, row) => ({
    action: actionOf(row, name, configured),
    ...{ service: name, at: describeListen(configured) },
  }));
  const swapped = new Set(coming.filter(({ action }) => action === 'swap').map(({ at }) => at));
  const closing = going
    .map(
      ({ name, configured }) => ({ action: 'close', service: name, at: describeListen(configured) }) as const,
    )
    .filter(({ at }) => !swapped.has(at));
  return { services: planServices(reload, names), listeners: [...coming, ...closing] };
}
