import type { Host } from '../config/host.ts';
import { hostTimeZone } from '../config/time-zone.ts';
import { CONFIG_VARIABLE } from '../model/config-variable.ts';
import type { RlimitName } from '../model/rlimit.ts';
import { hostNames } from '../native/host-names.ts';
import { loadBinding } from '../native/load.ts';
import { cgroupFacts } from './cgroup-facts.ts';
import { chooseDispatcherUid, chooseResolverUid } from './dispatcher-uid.ts';
import type { CompilerFacts, MachineFacts } from './facts.ts';
import { hardLimit } from './hard-limit.ts';
import { hostCgroups } from './host-cgroups.ts';
import { hardLimits } from './host-limits.ts';
import { inheritedSockets } from './inherited-sockets.ts';
import { isKeptBySystemd } from './is-kept-by-systemd.ts';
import { kernelFacts } from './kernel-facts.ts';
import { ownCapabilities } from './own-capabilities.ts';

const ROOT = 0;

/** What `run` knew, together with this machine's names. */
export function hostOf(
  facts: MachineFacts & Partial<Pick<CompilerFacts, 'control' | 'sockets'>>,
  { isReload }: { readonly isReload: boolean } = { isReload: false },
): Host {
  const binding = loadBinding();
  const limits = Object.entries(facts.hardLimits) as [RlimitName, number | null][];
  return {
    ownerUid: facts.ownerUid,
    isPowerless: facts.isPowerless,
    capabilities: new Set(facts.capabilities),
    kernel: facts.kernel,
    dispatcherUid: facts.dispatcherUid,
    resolverUid: facts.resolverUid,
    hardLimits: new Map(limits.map(([name, value]) => [name, value ?? Number.POSITIVE_INFINITY])),
    mostFiles: hardLimit(binding, 'nofile'),
    cgroups: hostCgroups(facts.cgroups, { isDaemon: facts.sockets !== undefined, isReload }),
    environment: facts.environment,
    controlPath: facts.control?.path,
    sockets: facts.sockets && inheritedSockets(facts.sockets),
    timeZone: hostTimeZone(),
    ...hostNames(binding),
  };
}

/** The machine as a daemon started now, by this user, would see it. */
export function machineFacts(): MachineFacts {
  const binding = loadBinding();
  const ownerUid = process.getuid?.() ?? ROOT;
  const limits: Partial<Record<RlimitName, number | null>> = {};
  for (const [name, value] of hardLimits(binding)) limits[name] = Number.isFinite(value) ? value : null;
  const environment = Object.entries(process.env).filter(
    // Whole configurations are none of the handlers' business, and may hold what only one of them should see.
    (entry): entry is [string, string] => entry[1] !== undefined && entry[0] !== CONFIG_VARIABLE,
  );
  const names = hostNames(binding);
  const capabilities = ownCapabilities();
  const canChange =
    ownerUid === ROOT && capabilities.includes('CAP_SETUID') && capabilities.includes('CAP_SETGID');
  const dispatcherUid = canChange ? chooseDispatcherUid(names) : undefined;
  return {
    ownerUid,
    isPowerless: ownerUid === ROOT && !canChange,
    capabilities,
    kernel: kernelFacts(binding),
    dispatcherUid,
    resolverUid: dispatcherUid === undefined ? undefined : chooseResolverUid(names, dispatcherUid),
    hardLimits: limits,
    environment: Object.fromEntries(environment),
    cgroups: cgroupFacts({ pid: process.pid, isKept: (root) => isKeptBySystemd(binding, root) }),
  };
}

export function machineHost(): Host {
  return hostOf(machineFacts());
}
