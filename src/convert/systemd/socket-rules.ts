import { lost, type Rules, refused, silent, used } from './rule.ts';
import { SOCKET_NAMES } from './socket-entries.ts';

/** All settings of `[Socket]` that systemd.socket(5) has. */
export const SOCKET_RULES: Rules = new Map([
  ...used('ListenStream ListenDatagram ListenSequentialPacket ListenFIFO ListenSpecial ListenNetlink'),
  ...used('ListenMessageQueue ListenUSBFunction BindIPv6Only Accept Service FileDescriptorName'),
  ...used('MaxConnections MaxConnectionsPerSource TriggerLimitIntervalSec TriggerLimitBurst'),
  ...used(
    'PollLimitIntervalSec PollLimitBurst KeepAlive KeepAliveTimeSec KeepAliveIntervalSec KeepAliveProbes',
  ),
  ...used('IPAddressAllow IPAddressDeny'),
  ...used(SOCKET_NAMES.join(' ')),
  // zinetd removes its sockets when it ends; the rest is for sockets that are refused, and said there.
  ...silent('RemoveOnStop Writable PipeSize MessageQueueMaxMessages MessageQueueMessageSize'),
  ...lost('ReusePort', 'two programs cannot share a port of zinetd'),
  ...lost('Broadcast IPTTL Priority TCPCongestion PassPacketInfo PassCredentials PassPIDFD PassRights'),
  ...lost(
    'PassSecurity SmackLabel SmackLabelIPIn SmackLabelIPOut SELinuxContextFromNet AcceptFileDescriptors',
  ),
  ...lost('Timestamping', 'no socket of zinetd has them', /^off$/),
  ...lost('FlushPending', 'what waits in the socket goes to the next program'),
  ...lost('Symlinks', 'zinetd makes no links to its sockets'),
  ...lost('DirectoryMode', 'zinetd makes no directories for its sockets'),
  ...lost('DeferTrigger DeferTriggerMaxSec PassFileDescriptorsToExec'),
  ...lost(
    'ExecStartPre ExecStartPost ExecStopPre ExecStopPost',
    'zinetd starts nothing when it begins or ends to listen',
  ),
  ...silent('TimeoutSec KillMode KillSignal SendSIGHUP SendSIGKILL'),
  ...refused(
    'PrivateNetwork NetworkNamespacePath',
    'the socket is in another network, where zinetd does not listen',
  ),
  ...refused('BindNetworkInterface', 'the socket is in another routing domain, where zinetd does not listen'),
  ...refused(
    'IPIngressFilterPath IPEgressFilterPath BPFProgram',
    'zinetd loads no filters, and who is kept out would not be',
  ),
  ...refused('RestrictNetworkInterfaces', 'zinetd keeps no interface out but by "BindToDevice="'),
]);

/** What else may stand there is for the commands that a socket unit starts. */
export const OF_COMMANDS = 'it is for commands of the socket unit';
