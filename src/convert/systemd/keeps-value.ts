/**
 * Settings of one value that an assignment of nothing does not reset: systemd 252 complains of it, and keeps what was said before.
 * All others are reset.
 */
const NAMES: ReadonlySet<string> = new Set([
  ...[
    'BindIPv6Only',
    'Accept',
    'Service',
    'MaxConnections',
    'MaxConnectionsPerSource',
    'TriggerLimitIntervalSec',
  ],
  ...[
    'TriggerLimitBurst',
    'PollLimitIntervalSec',
    'PollLimitBurst',
    'KeepAlive',
    'KeepAliveTimeSec',
    'Backlog',
  ],
  ...['KeepAliveIntervalSec', 'KeepAliveProbes', 'SocketProtocol', 'ReceiveBuffer', 'SendBuffer', 'NoDelay'],
  ...[
    'DeferAcceptSec',
    'FreeBind',
    'Transparent',
    'Mark',
    'SocketMode',
    'RemoveOnStop',
    'Writable',
    'PipeSize',
  ],
  ...['MessageQueueMaxMessages', 'MessageQueueMessageSize', 'ReusePort', 'Broadcast', 'IPTTL', 'Priority'],
  ...[
    'PassPacketInfo',
    'PassCredentials',
    'PassSecurity',
    'SELinuxContextFromNet',
    'Timestamping',
    'FlushPending',
  ],
  ...['DirectoryMode', 'TimeoutSec', 'KillSignal', 'SendSIGHUP', 'SendSIGKILL', 'PrivateNetwork', 'Restart'],
  ...[
    'BusName',
    'StandardInput',
    'StandardOutput',
    'StandardError',
    'FileDescriptorStoreMax',
    'WatchdogSec',
    'UMask',
  ],
  ...[
    'RuntimeRandomizedExtraSec',
    'RestartKillSignal',
    'FinalKillSignal',
    'WatchdogSignal',
    'Slice',
    'OOMPolicy',
  ],
  ...[
    'NonBlocking',
    'PrivateDevices',
    'PrivateUsers',
    'PrivateMounts',
    'ProtectProc',
    'ProcSubset',
    'DevicePolicy',
  ],
  ...[
    'TimeoutStopSec',
    'TimeoutStartSec',
    'RuntimeMaxSec',
    'KeyringMode',
    'RuntimeDirectoryMode',
    'ProtectSystem',
  ],
  ...[
    'StateDirectoryMode',
    'CacheDirectoryMode',
    'LogsDirectoryMode',
    'ConfigurationDirectoryMode',
    'ProtectHome',
  ],
  ...['RuntimeDirectoryPreserve', 'TimeoutCleanSec', 'CPUSchedulingPriority', 'CPUSchedulingResetOnFork'],
  ...[
    'TimerSlackNSec',
    'IgnoreSIGPIPE',
    'TTYReset',
    'TTYVHangup',
    'TTYVTDisallocate',
    'UtmpMode',
    'LogLevelMax',
  ],
  ...['SyslogFacility', 'SyslogLevel', 'SyslogLevelPrefix', 'LogRateLimitIntervalSec', 'LogRateLimitBurst'],
  ...['MemoryLimit', 'CPUShares', 'CPUAccounting', 'MemoryAccounting', 'TasksAccounting', 'IOAccounting'],
  ...['BlockIOAccounting', 'IPAccounting', 'ExitType', 'Type', 'NotifyAccess', 'RestartSec', 'GuessMainPID'],
  ...[
    'RemainAfterExit',
    'RemoveIPC',
    'RootDirectoryStartOnly',
    'TimeoutStartFailureMode',
    'TimeoutStopFailureMode',
  ],
  ...[
    'ProtectKernelTunables',
    'ProtectControlGroups',
    'ProtectClock',
    'ProtectKernelModules',
    'ProtectKernelLogs',
  ],
  ...['ProtectHostname', 'NoNewPrivileges', 'DynamicUser', 'PrivateTmp', 'PrivateIPC', 'PrivatePIDs'],
  ...['RestrictRealtime', 'RestrictSUIDSGID', 'LockPersonality', 'MemoryDenyWriteExecute'],
]);

/** Whether `name=` with nothing behind it leaves what was said before. */
export function keepsValue(name: string): boolean {
  return NAMES.has(name) || /^Limit[A-Z]+$/.test(name);
}
