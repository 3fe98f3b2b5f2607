import { DENYING_SETTINGS } from './filter-entries.ts';
import { LATER_NAMES } from './later-entries.ts';
import { RLIMIT_SETTINGS } from './rlimits-entry.ts';
import { lost, type Rules, refused, silent, used } from './rule.ts';
import { SANDBOX_SWITCHES } from './sandbox-entries.ts';

/** All settings of `[Service]` that systemd.service(5), .exec(5), .kill(5) and .resource-control(5) have. */
export const SERVICE_RULES: Rules = new Map([
  ...used('ExecStart User Group SupplementaryGroups DynamicUser Environment EnvironmentFile PassEnvironment'),
  ...used('StandardInput StandardOutput StandardError UMask Nice TimeoutStopSec TimeoutSec RootDirectory'),
  ...used('WorkingDirectory ProtectSystem ProtectHome ProtectKernelTunables ProtectControlGroups'),
  ...used('ReadOnlyPaths ReadOnlyDirectories ReadWritePaths ReadWriteDirectories SystemCallFilter'),
  ...used('SystemCallErrorNumber RestrictAddressFamilies RestrictNamespaces CapabilityBoundingSet'),
  ...used('AmbientCapabilities RuntimeMaxSec TimeoutStartSec'),
  ...used([...RLIMIT_SETTINGS, ...SANDBOX_SWITCHES, ...DENYING_SETTINGS, ...LATER_NAMES].join(' ')),
  ...silent('SuccessExitStatus RestartPreventExitStatus RestartForceExitStatus RemainAfterExit GuessMainPID'),
  ...silent('RemoveIPC CollectMode NotifyAccess RestartSec RestartMode RestartSteps RestartMaxDelaySec'),
  ...silent('RootDirectoryStartOnly TimeoutStartFailureMode TimeoutStopFailureMode SendSIGHUP'),
  ...refused(
    'Type',
    'zinetd takes the end of the program that it starts for the end of its work',
    /^(simple|exec|oneshot|idle|notify|notify-reload|dbus)$/,
  ),
  ...refused(
    'RootImage RootImageOptions RootHash RootVerity',
    'the program is in an image, and zinetd mounts none',
  ),
  ...refused('ExtensionImages ExtensionDirectories MountImages', 'zinetd mounts no images'),
  ...refused('StandardInputText StandardInputData', 'a handler has its connection for standard input'),
  ...refused(
    'NetworkNamespacePath JoinsNamespaceOf IPCNamespacePath',
    'zinetd enters no namespaces of others',
  ),
  ...lost(
    'ExecStartPre ExecStartPost ExecCondition ExecReload ExecStop ExecStopPost',
    'zinetd starts the one program',
  ),
  ...lost('Restart', 'zinetd starts the program when a client comes, and not before', /^no$/),
  ...lost('PIDFile BusName USBFunctionDescriptors USBFunctionStrings OpenFile FileDescriptorStoreMax'),
  ...lost(
    'TimeoutAbortSec WatchdogSec RuntimeRandomizedExtraSec RestartKillSignal FinalKillSignal WatchdogSignal',
  ),
  ...lost('KillSignal', 'handlers are ended by TERM', /^(SIG)?TERM$/),
  ...lost('SendSIGKILL', 'handlers that do not end by TERM get KILL', /^(1|yes|y|true|t|on)$/i),
  ...lost('Sockets', 'a program gets one socket at a time'),
  ...lost('Slice', 'what a slice limits is not limited', /^system\.slice$/),
  ...lost('OOMPolicy OOMScoreAdjust NonBlocking'),
  ...lost('PrivateDevices PrivateUsers PrivateMounts PrivateBPF ProtectProc ProcSubset InaccessiblePaths'),
  ...lost('InaccessibleDirectories TemporaryFileSystem BindPaths BindReadOnlyPaths MountAPIVFS MountFlags'),
  ...lost('DevicePolicy', undefined, /^auto$/),
  ...lost('DeviceAllow SecureBits KeyringMode SystemCallLog UnsetEnvironment SetLoginEnvironment'),
  ...lost(
    'SystemCallArchitectures',
    'programs of 32 bits are killed where anything else restricts system calls',
    /^native$/,
  ),
  ...lost(
    'RuntimeDirectory StateDirectory CacheDirectory LogsDirectory ConfigurationDirectory',
    'zinetd makes no directories for services: make it, and write where it is',
  ),
  ...lost(
    'RuntimeDirectoryMode StateDirectoryMode CacheDirectoryMode LogsDirectoryMode ConfigurationDirectoryMode',
  ),
  ...lost(
    'RuntimeDirectoryPreserve TimeoutCleanSec LoadCredentialEncrypted SetCredentialEncrypted ImportCredential',
  ),
  ...lost(
    'CPUSchedulingPolicy CPUSchedulingPriority CPUSchedulingResetOnFork CPUAffinity NUMAPolicy NUMAMask',
  ),
  ...lost('IOSchedulingClass IOSchedulingPriority TimerSlackNSec Personality IgnoreSIGPIPE CoredumpFilter'),
  ...lost('TTYPath TTYReset TTYVHangup TTYVTDisallocate TTYRows TTYColumns UtmpIdentifier UtmpMode PAMName'),
  ...lost(
    'LogLevelMax LogExtraFields LogNamespace LogFilterPatterns SyslogFacility SyslogLevel SyslogLevelPrefix',
  ),
  ...lost('SyslogIdentifier', 'records have the name of the service'),
  ...lost(
    'LogRateLimitIntervalSec LogRateLimitBurst',
    'a service may have 20 lines a second of standard error in the log',
  ),
  ...lost(
    'MemoryHigh MemoryMin MemoryLow MemorySwapMax MemoryZSwapMax MemoryLimit CPUWeight StartupCPUWeight CPUQuotaPeriodSec',
  ),
  ...lost(
    'CPUShares IOWeight IODeviceWeight IOReadBandwidthMax IOWriteBandwidthMax IOReadIOPSMax IOWriteIOPSMax BlockIOWeight',
  ),
  ...lost(
    'AllowedCPUs AllowedMemoryNodes Delegate DisableControllers ManagedOOMSwap ManagedOOMMemoryPressure',
  ),
  ...lost(
    'CPUAccounting MemoryAccounting TasksAccounting IOAccounting BlockIOAccounting IPAccounting',
    'status and metrics count for each service',
  ),
  ...lost(
    'IPAddressAllow IPAddressDeny',
    'it is for the sockets that the program makes, not for its clients: those are told in the socket unit',
  ),
  ...lost(
    'IPIngressFilterPath IPEgressFilterPath BPFProgram SocketBindAllow SocketBindDeny RestrictNetworkInterfaces NFTSet',
  ),
  ...lost('RestrictFileSystems SmackProcessLabel MemoryKSM RootEphemeral ExitType ReloadSignal'),
]);
