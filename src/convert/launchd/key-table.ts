import type { PlistType } from './plist-node.ts';

/** What a key may hold, and what becomes of it. */
export interface KeyRule {
  readonly types: readonly PlistType[];
  /** Why it cannot be carried over; undefined if it is. */
  readonly lost?: string;
  /** Without it the service would be another one. */
  readonly isVital?: boolean;
}

function rows(
  types: readonly PlistType[],
  names: readonly string[],
  rule: Omit<KeyRule, 'types'> = {},
): readonly [string, KeyRule][] {
  return names.map((name) => [name, { types, ...rule }]);
}

const ON_DEMAND = 'zinetd starts the program when somebody connects, and at no other time';
const OF_MACOS = 'nothing outside of macOS is like it';
const SCHEDULING = 'how Linux treats the program is not said in such words';

/** The keys of a job, as launchd.plist(5) has them. */
export const JOB_KEYS: ReadonlyMap<string, KeyRule> = new Map([
  ...rows(
    ['string'],
    ['Label', 'Program', 'UserName', 'GroupName', 'WorkingDirectory', 'RootDirectory', 'StandardErrorPath'],
  ),
  ...rows(['array'], ['ProgramArguments']),
  ...rows(
    ['dict'],
    ['EnvironmentVariables', 'SoftResourceLimits', 'HardResourceLimits', 'inetdCompatibility', 'Sockets'],
  ),
  ...rows(['boolean'], ['Disabled', 'InitGroups']),
  ...rows(['integer'], ['Nice', 'ExitTimeOut']),
  ...rows(['integer', 'string'], ['Umask']),
  ...rows(['string'], ['StandardInPath', 'StandardOutPath'], {
    lost: 'the connection is what the program reads and writes',
  }),
  ...rows(['boolean', 'dict'], ['KeepAlive'], { lost: ON_DEMAND }),
  ...rows(['boolean'], ['RunAtLoad', 'StartOnMount', 'LaunchOnlyOnce', 'OnDemand'], { lost: ON_DEMAND }),
  ...rows(['integer'], ['StartInterval'], { lost: ON_DEMAND }),
  ...rows(['dict', 'array'], ['StartCalendarInterval'], { lost: ON_DEMAND }),
  ...rows(['array'], ['WatchPaths', 'QueueDirectories'], { lost: ON_DEMAND }),
  ...rows(['integer'], ['ThrottleInterval'], {
    lost: '"cps" says how often clients may connect, and "penalties" what a program that crashes costs',
  }),
  ...rows(['integer'], ['TimeOut'], { lost: '"idle_timeout" ends a connection without a sign of life' }),
  ...rows(['boolean'], ['AbandonProcessGroup'], {
    lost: '"private_pids" ends what a program leaves behind; without it nothing does',
  }),
  ...rows(['boolean'], ['EnableGlobbing'], { lost: 'zinetd expands no arguments', isVital: true }),
  ...rows(['string'], ['ProcessType', 'POSIXSpawnType'], { lost: SCHEDULING }),
  ...rows(['boolean'], ['LowPriorityIO', 'LowPriorityBackgroundIO', 'LegacyTimers'], { lost: SCHEDULING }),
  ...rows(
    ['boolean'],
    ['EnableTransactions', 'EnablePressuredExit', 'SessionCreate', 'MaterializeDatalessFiles'],
    { lost: OF_MACOS },
  ),
  ...rows(
    ['boolean'],
    ['Debug', 'WaitForDebugger', 'HopefullyExitsFirst', 'HopefullyExitsLast', 'ServiceIPC', 'ExecuteAllowed'],
    { lost: OF_MACOS },
  ),
  ...rows(['dict'], ['MachServices', 'LaunchEvents', 'JetsamProperties'], { lost: OF_MACOS }),
  ...rows(['string'], ['BundleProgram'], { lost: OF_MACOS }),
  ...rows(['string', 'array'], ['AssociatedBundleIdentifiers', 'LimitLoadToSessionType'], { lost: OF_MACOS }),
  ...rows(['string'], ['SHAuthorizationRight'], {
    lost: 'access is what "only_from" and "hosts_access" say',
  }),
  ...rows(['array'], ['LimitLoadToHosts', 'LimitLoadFromHosts'], {
    lost: 'write it for the machines that are to have it',
  }),
  ...rows(['dict'], ['LimitLoadToHardware', 'LimitLoadFromHardware'], {
    lost: 'write it for the machines that are to have it',
  }),
  ...rows(['string', 'array'], ['SandboxProfile', 'SandboxFlags', 'SandboxContainer'], {
    lost: '"protect_system" and its like say what the program is kept from',
  }),
]);

export const INETD_KEYS: ReadonlyMap<string, KeyRule> = new Map([
  ...rows(['boolean'], ['Wait']),
  ...rows(['integer'], ['Instances']),
]);

export const SOCKET_KEYS: ReadonlyMap<string, KeyRule> = new Map([
  ...rows(['string'], ['SockType', 'SockNodeName', 'SockFamily', 'SockProtocol', 'SockPathName']),
  ...rows(['string', 'integer'], ['SockServiceName']),
  ...rows(['integer'], ['SockPathMode', 'SockPathOwner', 'SockPathGroup']),
  ...rows(['boolean'], ['SockPassive']),
  ...rows(['boolean', 'string', 'array'], ['Bonjour'], { lost: 'zinetd announces nothing: let avahi do it' }),
  ...rows(['boolean'], ['ReceivePacketInfo'], { lost: 'the program has to ask for IP_PKTINFO itself' }),
  ...rows(['string'], ['MulticastGroup'], {
    lost: 'zinetd joins a group that it is told to listen on',
    isVital: true,
  }),
  ...rows(['string'], ['SecureSocketWithKey'], { lost: 'zinetd makes up no paths', isVital: true }),
]);

/** Limits of setrlimit(2), by what launchd calls them. */
export const LIMITS: ReadonlyMap<string, string> = new Map([
  ['Core', 'core'],
  ['CPU', 'cpu'],
  ['Data', 'data'],
  ['FileSize', 'fsize'],
  ['MemoryLock', 'memlock'],
  ['NumberOfFiles', 'nofile'],
  ['NumberOfProcesses', 'nproc'],
  ['ResidentSetSize', 'rss'],
  ['Stack', 'stack'],
]);

export const LIMIT_KEYS: ReadonlyMap<string, KeyRule> = new Map(rows(['integer'], [...LIMITS.keys()]));
