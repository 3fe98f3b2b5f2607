import { expect, test } from 'vitest';
import type { ForeignFormat } from '../../../src/config/foreign-format.ts';
import { loadConfig } from '../../../src/config/load.ts';
import { convertUnits } from '../../../src/convert/systemd/convert-units.ts';
import { fakeHost } from '../../config/fake-host.ts';
import { memoryDisk, serviceUnit, socketUnit } from './convert-text.ts';

type Form = readonly [socket: readonly string[], service?: readonly string[]];

const NO = 'Accept=no';
const LISTED = ['StandardInput=null'];

/** Pairs that systemd runs, each with something of its own; all of them can be said. */
const FORMS: readonly Form[] = [
  [['ListenStream=127.0.0.1:1']],
  [['ListenStream=[::]:2', 'BindIPv6Only=ipv6-only', 'FreeBind=yes', 'Transparent=yes', 'Mark=3', 'IPTOS=8']],
  [
    [
      'ListenStream=3',
      'KeepAlive=yes',
      'KeepAliveTimeSec=60',
      'NoDelay=yes',
      'DeferAcceptSec=1',
      'Backlog=9',
    ],
  ],
  [['ListenStream=4', 'ReceiveBuffer=64K', 'SendBuffer=64K', 'BindToDevice=lo', 'SocketProtocol=mptcp']],
  [
    [
      'ListenStream=/tmp/zinetd-5',
      'SocketUser=me',
      'SocketGroup=ftp',
      'SocketMode=0600',
      'MaxConnectionsPerSource=2',
    ],
  ],
  [['ListenStream=@six', 'ListenStream=vsock::6']],
  [['ListenSequentialPacket=@seven', 'MaxConnections=1']],
  [['ListenStream=8', 'TriggerLimitBurst=5', 'IPAddressAllow=localhost link-local', 'IPAddressDeny=any']],
  [
    [
      'ListenStream=9',
      'PollLimitBurst=5',
      'IPAddressAllow=10.1.0.0/16',
      'IPAddressDeny=10.0.0.0/8 multicast',
    ],
  ],
  [['ListenStream=10', 'MaxConnections=1', 'TriggerLimitIntervalSec=0']],
  [['ListenStream=11', NO]],
  [['ListenStream=12', NO, 'TriggerLimitBurst=5'], LISTED],
  [['ListenDatagram=13', NO]],
  [['ListenDatagram=@fourteen', NO], LISTED],
  [['ListenStream=15', 'ListenDatagram=15', NO], LISTED],
  [['ListenStream=16'], ['User=me', 'Group=ftp', 'UMask=0027', 'Nice=5', 'WorkingDirectory=/tmp']],
  [['ListenStream=17'], ['DynamicUser=yes']],
  [
    ['ListenStream=18'],
    ['SupplementaryGroups=ftp', 'LimitNOFILE=32:64', 'LimitCPU=10', 'LimitNICE=+5', 'LimitRTTIME=5s'],
  ],
  [['ListenStream=19'], ['RuntimeMaxSec=1h', 'TimeoutStopSec=1min', 'StandardError=null']],
  [['ListenStream=20'], ['User=me', 'CapabilityBoundingSet=', 'ProtectSystem=strict', 'ReadWritePaths=/tmp']],
  [
    ['ListenStream=21'],
    ['User=me', 'AmbientCapabilities=CAP_KILL', 'CapabilityBoundingSet=CAP_KILL', 'PrivateTmp=yes'],
  ],
  [
    ['ListenStream=22'],
    ['User=me', 'SystemCallFilter=@system-service', 'SystemCallFilter=~@mount', 'ProtectClock=yes'],
  ],
  [
    ['ListenStream=23'],
    ['User=me', 'RestrictAddressFamilies=~AF_PACKET', 'RestrictNamespaces=~user', 'ProtectHostname=yes'],
  ],
  [
    ['ListenStream=24'],
    ['User=me', 'ProtectKernelTunables=yes', 'ProtectControlGroups=yes', 'PrivateNetwork=yes'],
  ],
  [
    ['ListenStream=25'],
    ['Environment=A=b PATH=/bin', 'PassEnvironment=TZ', 'ExecStart=@/bin/cat dog $A', 'PrivateIPC=yes'],
  ],
];

test('whatever systemd runs becomes a service that zinetd can run', () => {
  const names = FORMS.map((_, index) => `s${index}`);
  const files = Object.fromEntries(
    FORMS.flatMap(([socket, service = []], index) => [
      [`/u/s${index}.socket`, socketUnit(...socket)],
      [`/u/s${index}${socket.includes(NO) ? '' : '@'}.service`, serviceUnit(...service)],
    ]),
  );
  const format: ForeignFormat = (paths, context) =>
    convertUnits(paths, { ...context, disk: memoryDisk(files) });
  const { resolved, diagnostics } = loadConfig({ paths: ['/u'], format }, fakeHost());
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  expect(errors.map(({ span, message }) => `${span.range?.lineText.trim()}: ${message}`)).toEqual([]);
  const conflicts = diagnostics.filter(({ code }) => code === 'config/no-effect');
  expect(conflicts.map(({ message }) => message)).toEqual([]);
  expect(resolved?.services.map(({ service: { name } }) => name)?.toSorted()).toEqual(names.toSorted());
});
