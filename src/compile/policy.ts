import type { Config } from '../model/config.ts';
import type { AccessList, AccessPolicy, Policy, ServicePolicy } from '../model/policy.ts';
import type { PrefixTable } from '../model/prefix-table.ts';
import type { ListedPrefixes, ResolvedList } from '../model/resolved-list.ts';
import { rpcNetids } from '../model/rpc-netids.ts';
import type { Access, Service } from '../model/service.ts';
import { pack } from './pack.ts';
import { buildPrefixTable } from './prefix-table.ts';

/** Builds the table of each list once, however many services name it. */
class Tables {
  readonly #built = new Map<ListedPrefixes, PrefixTable>();

  of(listed: ListedPrefixes): PrefixTable {
    const known = this.#built.get(listed);
    if (known) return known;
    const table = buildPrefixTable(listed.list, listed.file);
    this.#built.set(listed, table);
    return table;
  }
}

function isEmpty({ list }: ListedPrefixes): boolean {
  return list.v4.count === 0 && list.v6.count === 0;
}

function listOf(list: ResolvedList | undefined, tables: Tables): AccessList | undefined {
  if (!list) return undefined;
  const prefixes = list.prefixes.filter((listed) => !isEmpty(listed));
  return { tables: prefixes.map((listed) => tables.of(listed)), names: list.names, peers: list.peers };
}

function accessOf(access: Access | undefined, tables: Tables): AccessPolicy | undefined {
  if (!access) return undefined;
  const { onlyFrom, noAccess, match } = access;
  return { onlyFrom: listOf(onlyFrom, tables), noAccess: listOf(noAccess, tables), match };
}

function serviceOf(service: Service, tables: Tables): ServicePolicy {
  return {
    name: service.name,
    isWaiting: service.isWaiting,
    desk: service.desk,
    builtin: service.builtin,
    mux: service.mux,
    rpc: service.rpc && { ...service.rpc, netids: service.listeners.map(rpcNetids) },
    listeners: service.listeners.map(({ scheme, address }) => ({ scheme, address })),
    access: accessOf(service.access, tables),
    redirect: service.redirect,
    banners: service.banners,
    log: service.log,
    peerEnv: service.programs[0]?.peerEnv ?? [],
    ...service.rules,
  };
}

/** What the dispatcher decides by: no program, no user, no path of a program goes to it. */
export function policyOf({ services, desks, daemon, logs, needsResolver, watched, errors }: Config): Policy {
  const tables = new Tables();
  return {
    services: services.map((service) => serviceOf(service, tables)),
    desks: desks.map((desk) => serviceOf(desk, tables)),
    ...daemon,
    bans: { ...daemon.bans, exempt: listOf(daemon.bans.exempt, tables) },
    logs,
    needsResolver,
    watched,
    errors,
  };
}

export function encodePolicy(config: Config): Uint8Array {
  return pack(policyOf(config));
}
