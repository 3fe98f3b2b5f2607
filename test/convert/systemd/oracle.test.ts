import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import type { ForeignFormat } from '../../../src/config/foreign-format.ts';
import { loadConfig } from '../../../src/config/load.ts';
import { convertUnits } from '../../../src/convert/systemd/convert-units.ts';
import type { Rules } from '../../../src/convert/systemd/rule.ts';
import { SERVICE_RULES } from '../../../src/convert/systemd/service-rules.ts';
import { SOCKET_RULES } from '../../../src/convert/systemd/socket-rules.ts';
import { fakeHost } from '../../config/fake-host.ts';
import { describeWith } from '../../harness/describe-with.ts';
import { program } from '../../harness/program.ts';
import { runProgram } from '../../harness/run-program.ts';
import { scratch } from '../../harness/scratch.ts';
import { systemdLibraries } from '../../harness/systemd-libraries.ts';
import { memoryDisk, serviceUnit, socketUnit } from './convert-text.ts';

/** Lines that systemd 252 takes, and lines that it does not. */
const OF_SOCKETS = [
  ...['nonsense', '=3', '[Foo]', 'Unknown=1', 'X-Own=1', '# a', 'NoDelay=maybe', 'NoDelay=on', 'NoDelay=YES'],
  ...[
    'Backlog=a',
    'Backlog=12',
    'IPTOS=999',
    'IPTOS=throughput',
    'Mark=99999999999',
    'SocketMode=9',
    'SendBuffer=1X',
  ],
  ...[
    'SendBuffer=1.5K',
    'MaxConnections=-1',
    'MaxConnectionsPerSource=x',
    'KeepAliveTimeSec=1parsec',
    'KeepAlive=yes',
  ],
  ...['IPAddressDeny=10.0.0.1/33', 'IPAddressDeny=10.0.0.1/8', 'BindIPv6Only=maybe', 'ListenStream=[::1]'],
  ...[
    'ListenStream=70000',
    'ListenStream=0',
    'ListenStream=1.2.3.4:80',
    'ListenStream=vsock:1:2',
    'ListenStream=@x',
  ],
  ...[
    'ListenStream=rel/path',
    'TriggerLimitBurst=x',

    'DeferAcceptSec=5s',
    'NoDelay=',
  ],
];
const OF_SERVICES = [
  ...[
    'Nice=99',
    'Nice=-5',
    'Environment=1=2',
    'Environment=A=2',
    'LimitNOFILE=many',
    'LimitNOFILE=1:2',
    'LimitAS=1G',
  ],
  ...['UMask=999', 'UMask=27', 'ReadOnlyPaths=rel', 'ReadOnlyPaths=-/x', 'CapabilityBoundingSet=CAP_KILL'],
  ...[
    'SystemCallFilter=~nonesuch',
    'SystemCallFilter=~ptrace',
    'RestrictNamespaces=foo',
    'RestrictNamespaces=~uts',
  ],
  ...[
    'RestrictAddressFamilies=AF_FOO',
    'RestrictAddressFamilies=AF_INET',
    'ProtectSystem=half',
    'ProtectHome=tmpfs',
  ],
  ...[
    'SystemCallErrorNumber=EFOO',
    'RuntimeMaxSec=1parsec',
    'RuntimeMaxSec=1h 5',
    'PrivateTmp=perhaps',
    'DynamicUser=x',
  ],
  ...[
    'ExecStart=/bin/a "b',
    'ExecStart=@/bin/a',
    'ExecStart=/bin/cat \\x41 "b c"',
    'WorkingDirectory=rel',
    'RootDirectory=rel',
  ],
  ...[
    'MemoryDenyWriteExecute=yes',
    'NoNewPrivileges=2',
    'StandardInput=sockt',
    'SupplementaryGroups=me',
    'TimeoutStopSec=9',
  ],
];

/** Whether a setting is reset by nothing, for those that become something. */
const USED = (rules: Rules): readonly string[] =>
  Array.from(rules).flatMap(([name, { kind }]) =>
    kind === 'used' && !/^(Listen|PollLimit|ExecStart|PrivatePIDs|DynamicUser)/.test(name)
      ? [`${name}=`]
      : [],
  );

function files(): Readonly<Record<string, string>> {
  const ofSockets = [...OF_SOCKETS, ...USED(SOCKET_RULES)].flatMap((line, index) => [
    [`a${index}.socket`, `${socketUnit('ListenStream=1')}${line}\n`],
    [`a${index}@.service`, serviceUnit()],
  ]);
  const ofServices = [...OF_SERVICES, ...USED(SERVICE_RULES)].flatMap((line, index) => {
    const reset = line.startsWith('ExecStart=') ? 'ExecStart=\n' : '';
    return [
      [`b${index}.socket`, socketUnit('ListenStream=1')],
      [`b${index}@.service`, `${serviceUnit('ExecStart=/bin/cat')}${reset}${line}\n`],
    ];
  });
  return Object.fromEntries([...ofSockets, ...ofServices]);
}

/** The files that we say something of, in which there is one odd line at the most. */
function blamedByUs(units: Readonly<Record<string, string>>): ReadonlySet<string> {
  const disk = memoryDisk(
    Object.fromEntries(Object.entries(units).map(([name, text]) => [`/u/${name}`, text])),
  );
  const format: ForeignFormat = (paths, context) => convertUnits(paths, { ...context, disk });
  const { diagnostics } = loadConfig({ paths: ['/u'], format }, fakeHost());
  const own = diagnostics.filter(
    ({ code }) => !['config/duplicate-listener', 'config/unlimited-source'].includes(code),
  );
  return new Set(own.map(({ span }) => basename(span.file)));
}

async function blamedBySystemd(units: Readonly<Record<string, string>>): Promise<ReadonlySet<string>> {
  const directory = scratch('oracle');
  for (const [name, text] of Object.entries(units))
    writeFileSync(join(directory, name), text, { mode: 0o644 });
  const paths = Object.keys(units).map((name) => join(directory, name.replace('@.', '@1.')));
  const env = {
    LD_LIBRARY_PATH: systemdLibraries(),
    SYSTEMD_UNIT_PATH: `${directory}:`,
    SYSTEMD_COLORS: '0',
  };
  const analyze = [program('systemd-analyze') ?? '', 'verify', '--man=no', '--recursive-errors=no'];
  const { stderr } = await runProgram([...analyze, ...paths], { env });
  return new Set(
    Array.from(stderr.matchAll(/^\S*?([^/\s]+\.(?:socket|service)):\d+: /gm), ([, name = '']) => name),
  );
}

describeWith('a line of a unit', { needs: [{ program: 'systemd-analyze' }] }, () => {
  test('is blamed where systemd blames it, and only there (promise 6)', async () => {
    const units = files();
    const [ours, theirs] = [blamedByUs(units), await blamedBySystemd(units)];
    const lineOf = (name: string): string => units[name]?.trimEnd().split('\n').at(-1) ?? '';
    const onlyTheirs = [...theirs].filter((name) => !ours.has(name)).map(lineOf);
    const onlyOurs = [...ours].filter((name) => !theirs.has(name)).map(lineOf);
    expect({ onlyTheirs, onlyOurs }).toEqual({ onlyTheirs: [], onlyOurs: [] });
    expect(theirs.size).toBeGreaterThan(30);
  });
});
