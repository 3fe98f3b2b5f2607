import type { Boot } from '../../src/compile/boot.ts';
import type { Config } from '../../src/model/config.ts';
import { LONG_LIFE } from '../../src/model/life-policy.ts';
import type { Outlet } from '../../src/model/outlet.ts';
import type { Service } from '../../src/model/service.ts';
import { socketOption } from '../../src/model/socket-option.ts';
import { EXAMPLE_LOG, policyOf, serviceRules } from '../admission/example-policy.ts';

const echo: Service = {
  name: 'echo',
  mode: 'inetd',
  isWaiting: false,
  builtin: undefined,
  mux: [{ name: 'echo', isAnswered: true }],
  rpc: undefined,
  redirect: undefined,
  banners: undefined,
  life: LONG_LIFE,
  cgroup: { path: 'zinetd-1/service-echo', limits: { memory: '65536' }, isEnding: true },
  log: EXAMPLE_LOG,
  rules: serviceRules(),
  access: undefined,
  listeners: [
    {
      scheme: 'tcp',
      address: { family: 4, bytes: Uint8Array.from([127, 0, 0, 1]), port: 7000, scopeId: 0 },
      backlog: 4096,
      options: [socketOption('reuseAddress', true), socketOption('keepIdle', 60)],
      isMptcp: false,
      owner: undefined,
    },
    {
      scheme: 'tcp',
      address: {
        family: 6,
        bytes: Uint8Array.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]),
        port: 7000,
        scopeId: 0,
      },
      backlog: 16,
      options: [socketOption('v6only', false)],
      isMptcp: true,
      owner: undefined,
    },
    {
      scheme: 'unix-dgram',
      address: { family: 'path', path: '/run/example.sock' },
      backlog: 16,
      options: [],
      isMptcp: false,
      owner: { mode: 0o640, uid: 1, gid: undefined },
    },
  ],
  programs: [
    {
      path: '/bin/cat',
      argv: ['cat', '-u', 'äöü'],
      env: ['LANG=C', 'EMPTY='],
      identity: { uid: 65534, gid: 65533, groups: [1, 2, 65532] },
      cwd: '/tmp',
      umask: 0o027,
      nice: -5,
      rlimits: [
        { name: 'nofile', soft: 1024, hard: 4096 },
        { name: 'cpu', soft: 10, hard: Number.POSITIVE_INFINITY },
      ],
      lingerSeconds: 7,
      keepalive: true,
      peerEnv: [],
      stderr: 'socket',
      listenName: undefined,
      isRelayed: false,
      sandbox: {
        namespaces: 0x0002_0000,
        calls: [
          { name: 'mount', args: [0, '/', 0, 0x8_4000, 0], isLate: false, isOptional: false },
          { name: 'write', args: ['/proc/self/attr/exec', 'text', 4, 0, 0], isLate: false, isOptional: true },
          {
            ...{ name: 'write', isLate: false, isOptional: false },
            args: ['/run/credentials/key', new Uint8Array(64).fill(7), 64, 0o300, 0o400],
          },
          { name: 'capset', args: [new Uint8Array(8), new Uint8Array(24)], isLate: true, isOptional: false },
        ],
        isScoped: false,
        landlock: {
          rights: 0x6000,
          rules: [
            { path: '/', ofDirectory: 0x2000, ofFile: 0 },
            { path: '/srv', ofDirectory: 0x6000, ofFile: 0x4000 },
          ],
        },
        isBare: false,
        filter: undefined,
      },
    },
  ],
};

/** A service with nothing but what it must have. */
export const plain: Service = {
  ...echo,
  name: 'plain',
  cgroup: undefined,
  mux: [],
  rules: serviceRules({ instances: { soft: 1, hard: 1, dropPercent: 100 } }),
  listeners: echo.listeners.slice(0, 1),
  programs: [
    {
      path: '/bin/true',
      argv: ['/bin/true'],
      env: [],
      identity: undefined,
      cwd: '/',
      umask: 0o022,
      nice: undefined,
      rlimits: [],
      lingerSeconds: undefined,
      keepalive: false,
      peerEnv: [],
      stderr: 'socket',
      listenName: undefined,
      isRelayed: false,
      sandbox: undefined,
    },
  ],
};

/** A configuration of these services and nothing else. */
export function configOf(services: readonly Service[], changes: Partial<Config> = {}): Config {
  const { ownerUid, maxProcesses, sources, bans } = policyOf([]);
  return {
    services,
    desks: [],
    daemon: { ownerUid, maxProcesses, sources, bans: { ...bans, exempt: undefined } },
    logs: policyOf([]).logs,
    outlets: [],
    needsResolver: false,
    watched: [],
    errors: 0,
    ...changes,
  };
}

/** Two services and outlets that use every field of the launch table. */
export const exampleConfig: Config = configOf([echo, plain], {
  needsResolver: true,
  cgroups: {
    root: '/sys/fs/cgroup/example',
    steps: [
      { step: 'remove', path: 'zinetd-1/service-gone' },
      { step: 'make', path: 'zinetd-1/service-echo' },
      { step: 'write', path: 'zinetd-1/service-echo/memory.max', text: '65536' },
    ],
    end: [{ step: 'remove', path: 'zinetd-1' }],
  },
  outlets: [
    { kind: 'file', path: '/var/log/example', mode: 0o640 },
    ...echo.listeners.map(({ scheme, address }): Outlet => ({ kind: 'socket', scheme, address })),
  ],
});

export const exampleBoot: Boot = {
  dispatcherUid: 61184,
  compilerUid: undefined,
  compiler: { path: '/usr/bin/node', argv: ['node', 'main.js', '--compiler'], env: ['TZ=UTC'] },
  dispatcher: { path: '/usr/bin/node', argv: ['node'], env: [] },
  recompiler: { path: '/usr/bin/node', argv: ['node', 'main.js', '--compiler', 'reload'], env: [] },
  upgrader: { path: '/usr/bin/node', argv: ['node', 'main.js'], env: [] },
  spawner: '/usr/lib/zinetd/zinetd-spawner',
  notify: undefined,
  pidFile: undefined,
  sockets: 0,
  rules: [
    { path: '/usr/bin/node', access: 'execute' },
    { path: '/usr/lib', access: 'read' },
  ],
  filter: Uint8Array.from([6, 0, 0, 0, 0, 0, 255, 127]),
  anchors: ['/opt'],
  facts: '{"source":{"path":"/etc/zinetd/zinetd.yaml"}}',
  graceMs: 8000,
  killAfterMs: 1000,
  resolver: {
    uid: 61185,
    command: { path: '/usr/bin/node', argv: ['node', '--resolver'], env: ['UV_THREADPOOL_SIZE=256'] },
    rules: [{ path: '/etc', access: 'read' }],
    filter: Uint8Array.from([6, 0, 0, 0, 0, 0, 255, 127]),
  },
  compileMs: 60_000,
  state: '/var/lib/zinetd/bans',
};
