import { realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import type { AccessRule } from '../compile/boot.ts';
import { dependencies, PACKAGE_ROOT } from './install.ts';

/** The kernel executes the loader to start Node. */
const LOADERS = [
  '/lib64/ld-linux-x86-64.so.2',
  '/lib/ld-linux-aarch64.so.1',
  '/lib/ld-musl-x86_64.so.1',
  '/lib/ld-musl-aarch64.so.1',
];

const LIBRARIES = ['/lib', '/lib64', '/usr/lib', '/usr/lib64', '/usr/local/lib', '/etc/ld.so.cache'];

/** Our own code; not the whole checkout, which may hold anything. */
const OWN = ['dist', 'build', 'package.json', 'node_modules'];

const SYSTEM = ['/dev/null', '/usr/share/zoneinfo', '/etc/localtime'];

/**
 * What the C library's name services read (nsswitch.conf(5)), and the daemons behind them. Rules follow inodes,
 * and the files in /etc are replaced by renaming, so that the directory itself has the rule: what is secret
 * there has a mode that says so, and the resolver is nobody.
 */
const NAME_SERVICES = [
  '/etc',
  '/run/systemd/resolve',
  '/run/resolvconf',
  '/run/NetworkManager',
  '/run/connman',
  '/run/nscd',
  '/run/avahi-daemon',
  '/var/cache/nscd',
  '/var/lib/sss',
];

/** Where resolv.conf(5) may be in the end. */
const RESOLV_CONF = '/etc/resolv.conf';

/** A link to somewhere else is followed to the directory, where the file is replaced. */
function resolvConfDirectory(): readonly string[] {
  try {
    return [dirname(realpathSync(RESOLV_CONF))];
  } catch {
    // Without the file, the C library asks the name server of this machine.
    return [];
  }
}

/** What every worker needs. A path that does not exist allows nothing. */
function rulesWith(extra: readonly string[]): readonly AccessRule[] {
  const execute = [process.execPath, ...LOADERS];
  const own = OWN.map((name) => `${PACKAGE_ROOT}${name}`);
  const read = [...LIBRARIES, ...own, dependencies(), ...SYSTEM, ...extra];
  return [
    ...execute.map((path) => ({ path, access: 'execute' as const })),
    ...read.map((path) => ({ path, access: 'read' as const })),
  ];
}

/** All that the dispatcher may open. */
export function dispatcherRules(): readonly AccessRule[] {
  return rulesWith([]);
}

/** All that the resolver may open. */
export function resolverRules(): readonly AccessRule[] {
  return rulesWith([...NAME_SERVICES, ...resolvConfDirectory()]);
}
