import type { TestUser } from './identity.ts';

/** What zinetd is started from: a service manager, a shell, a container engine, or something hostile. */
export interface Surroundings {
  /** Runs as this user, with no groups but its own; needs root. */
  readonly as?: TestUser | undefined;
  /** Without any capability, and never to get one; needs root. */
  readonly powerless?: boolean;
  /** With these capabilities all the same, such as `net_bind_service`. */
  readonly ambient?: readonly string[];
  readonly umask?: string;
  /** Signals ignored at start, such as `PIPE`. */
  readonly ignored?: readonly string[];
  /** Standard descriptors closed at start. Without 1 there is no log to wait on. */
  readonly closed?: readonly (0 | 1 | 2)[];
  /** In a network namespace of its own, in which every port needs no privilege; needs root. */
  readonly ownNetwork?: boolean;
  /** Soft and hard limit of descriptors. */
  readonly descriptors?: number;
  /** A program and arguments in front of it all, such as strace. */
  readonly prefix?: readonly string[];
}

const NAMESPACE = 'ip link set lo up && echo 0 >/proc/sys/net/ipv4/ip_unprivileged_port_start && exec "$@"';

const POWERLESS = ['--bounding-set=-all', '--inh-caps=-all', '--no-new-privs'];

/** Lines of shell that arrange what a child inherits. */
function preamble(surroundings: Surroundings): string {
  const { umask, ignored, closed, descriptors } = surroundings;
  return [
    ...(umask === undefined ? [] : [`umask ${umask}`]),
    ...(descriptors === undefined ? [] : [`ulimit -n ${descriptors}`]),
    ...(ignored?.length ? [`trap '' ${ignored.join(' ')}`] : []),
    ...(closed ?? []).map((fd) => `exec ${fd}>&-`),
    'exec "$@"',
  ].join('\n');
}

/** A command line that leads to `command` by exec alone, so that the pid stays the same. */
export function launchLine(command: readonly string[], surroundings: Surroundings): readonly string[] {
  const { as, ambient = [], ownNetwork, powerless, prefix = [] } = surroundings;
  const network = ownNetwork ? ['unshare', '--net', 'sh', '-c', NAMESPACE, 'sh'] : [];
  const user = as ? [`--reuid=${as.uid}`, `--regid=${as.gid}`, '--clear-groups'] : [];
  const given = ambient.flatMap((name) => [`--inh-caps=+${name}`, `--ambient-caps=+${name}`]);
  const changes = [...user, ...given, ...(powerless ? POWERLESS : [])];
  const identity = changes.length > 0 ? ['setpriv', ...changes, '--'] : [];
  return [...prefix, ...network, 'sh', '-c', preamble(surroundings), 'sh', ...identity, ...command];
}
