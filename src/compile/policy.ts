import type { Config } from '../model/config.ts';
import type { Findings } from '../model/findings.ts';
import type { PeerEnvSet } from '../model/peer-env.ts';
import type { AccessList, AccessPolicy, Policy, ProxyPolicy, ServicePolicy } from '../model/policy.ts';
import type { PrefixTable } from '../model/prefix-table.ts';
import type { ListedPrefixes, ResolvedList } from '../model/resolved-list.ts';
import { rpcNetids } from '../model/rpc-netids.ts';
import type { Access, Service, TrustedProxies } from '../model/service.ts';
import { Digests } from './digest.ts';
import { imprintOf } from './imprint.ts';
import { pack } from './pack.ts';
import { buildPrefixTable } from './prefix-table.ts';
import { serviceDigest } from './service-digest.ts';

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

function proxyOf(proxy: TrustedProxies | undefined, tables: Tables): ProxyPolicy | undefined {
  const from = listOf(proxy?.from, tables);
  return proxy && from && { from, timeoutMs: proxy.timeoutMs };
}

/** Connections of a pool are always told by their numbers, as their workers tell of them in turn. */
function peerEnvOf({ programs, pool }: Service): readonly PeerEnvSet[] {
  const sets = programs[0]?.peerEnv ?? [];
  return pool && !sets.includes('zinetd') ? [...sets, 'zinetd'] : sets;
}

function serviceOf(service: Service, tables: Tables): Omit<ServicePolicy, 'imprint' | 'digest'> {
  return {
    name: service.name,
    isWaiting: service.isWaiting,
    desk: service.desk,
    builtin: service.builtin,
    mux: service.mux,
    rpc: service.rpc && { ...service.rpc, netids: service.listeners.map(rpcNetids) },
    listeners: service.listeners.map(({ scheme, address }) => ({ scheme, address })),
    access: accessOf(service.access, tables),
    proxy: proxyOf(service.proxy, tables),
    redirect: service.redirect,
    pool: service.pool,
    tls: service.tls,
    banners: service.banners,
    log: service.log,
    life: service.life,
    peerEnv: peerEnvOf(service),
    ...service.rules,
  };
}

/** What a policy has besides the configuration. */
export interface PolicyAbout {
  /** Of digests; the same for as long as they are compared. */
  readonly digestKey: string;
  readonly findings: Findings | undefined;
}

/** What the dispatcher decides by: no program, no user, no path of a program goes to it. */
export function policyOf(config: Config, about?: PolicyAbout): Policy {
  const { services, desks, daemon, logs, needsResolver, watched, globs, isWatchingItself, errors } = config;
  const tables = new Tables();
  const digests = about && new Digests(about.digestKey);
  const policyOfOne = (service: Service): ServicePolicy => ({
    ...serviceOf(service, tables),
    cgroup: service.cgroup && config.cgroups && `${config.cgroups.root}/${service.cgroup.path}`,
    digest: digests && serviceDigest(service, { config, digests }),
    imprint: digests && imprintOf(service, digests),
  });
  return {
    services: services.map(policyOfOne),
    desks: desks.map(policyOfOne),
    ...daemon,
    bans: { ...daemon.bans, exempt: listOf(daemon.bans.exempt, tables) },
    ...{ logs, needsResolver, watched, globs, isWatchingItself, errors },
    findings: about?.findings,
  };
}

/** The services are parts of their own: nobody has to read a thousand of them in one turn. */
export function packPolicy({ services, ...rest }: Policy): Uint8Array {
  return pack(rest, services);
}

export function encodePolicy(config: Config, about: PolicyAbout): Uint8Array {
  return packPolicy(policyOf(config, about));
}
