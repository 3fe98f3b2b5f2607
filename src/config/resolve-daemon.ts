import type { DaemonConfig } from '../model/config.ts';
import type { ResolvedList } from '../model/resolved-list.ts';
import { entryNode } from './entry-node.ts';
import type { Host } from './host.ts';
import { itemNode } from './item-node.ts';
import type { ListReader } from './list-reader.ts';
import { quote } from './quote.ts';
import type { Report } from './report.ts';
import { resolveAccessList } from './resolve-access.ts';
import { capOf } from './resolve-limits.ts';
import type { DaemonSettings, Setting } from './settings.ts';
import type { Place } from './source.ts';

interface Context {
  readonly host: Host;
  readonly report: Report;
  readonly lists: ListReader;
}

const DEFAULTS = { ipv4Prefix: 32, ipv6Prefix: 64, sources: 65_536, bans: 65_536 };

/** The list inside of `bans`, with its own place. */
function exemptOf(daemon: DaemonSettings): Setting<readonly string[]> | undefined {
  const value = daemon.bans?.value.exempt;
  if (!value) return undefined;
  return { value, node: entryNode(daemon.bans?.node, 'exempt') };
}

/** Nobody can wait for a name when a ban is decided. */
function refuseNames(
  list: ResolvedList,
  options: {
    readonly setting: Setting<readonly string[]>;
    readonly fallback: Place;
    readonly report: Report;
  },
): void {
  const { setting, fallback, report } = options;
  for (const { text } of list.names) {
    const item = itemNode(setting.node, setting.value.indexOf(text))?.place;
    const message = `Cannot use ${quote(text)} for "bans.exempt": names are not looked up here`;
    report.add({ code: 'config/invalid-value', at: item ?? fallback, message, help: 'write an address' });
  }
}

function resolveExempt(daemon: DaemonSettings, context: Context): ResolvedList | undefined {
  const setting = exemptOf(daemon);
  const fallback = setting?.node?.place;
  if (!setting || !fallback) return undefined;
  const list = resolveAccessList(setting, { ...context, where: '"bans.exempt"', fallback });
  if (list) refuseNames(list, { setting, fallback, report: context.report });
  return list;
}

/** What the daemon has once, with its defaults. */
export function resolveDaemon(daemon: DaemonSettings, context: Context): DaemonConfig {
  const { max_processes: maxProcesses, sources, bans } = daemon;
  return {
    ownerUid: context.host.ownerUid,
    maxProcesses: maxProcesses && capOf(maxProcesses.value),
    sources: {
      ipv4Prefix: sources?.value.ipv4_prefix ?? DEFAULTS.ipv4Prefix,
      ipv6Prefix: sources?.value.ipv6_prefix ?? DEFAULTS.ipv6Prefix,
      capacity: sources?.value.capacity ?? DEFAULTS.sources,
    },
    bans: {
      capacity: bans?.value.capacity ?? DEFAULTS.bans,
      overflow: bans?.value.overflow ?? 'permissive',
      exempt: resolveExempt(daemon, context),
    },
  };
}
