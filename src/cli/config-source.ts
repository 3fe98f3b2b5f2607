import type { ForeignFormat } from '../config/foreign-format.ts';
import type { ConfigSource } from '../config/load.ts';
import { type ForeignName, type ForeignNames, refuseDialect, type SourceNames } from './format-options.ts';

interface ForeignSource {
  readonly paths: readonly string[];
  readonly format: ForeignFormat;
}

/** Each is loaded when a file is in it, which most are not. */
const READERS: Readonly<Record<Exclude<ForeignName, 'inetd'>, () => Promise<ForeignFormat>>> = {
  xinetd: async () => (await import('../convert/xinetd/read-xinetd.ts')).readXinetd,
  systemd: async () => (await import('../convert/systemd/read-systemd.ts')).readSystemd,
  rlinetd: async () => (await import('../convert/rlinetd/read-rlinetd.ts')).readRlinetd,
  launchd: async () => (await import('../convert/launchd/read-launchd.ts')).readLaunchd,
  tcprules: async () => (await import('../convert/tcprules/read-tcprules.ts')).readTcprules,
  hosts_access: async () => (await import('../convert/hosts-access/read-hosts-access.ts')).readHostsAccess,
};

/** Rejects with UsageError for a dialect of what has none. */
export async function foreignSource({ paths, format, dialect }: ForeignNames): Promise<ForeignSource> {
  refuseDialect(format, dialect);
  if (format !== 'inetd') return { paths, format: await READERS[format]() };
  const { readInetd } = await import('../convert/inetd/read-inetd.ts');
  return { paths, format: (files, context) => readInetd(files, { ...context, dialect }) };
}

/** What `loadConfig` takes. */
export async function configSource(names: SourceNames): Promise<ConfigSource> {
  return 'path' in names || 'text' in names ? names : await foreignSource(names);
}
