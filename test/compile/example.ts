import type { Boot } from '../../src/compile/boot.ts';
import type { Config } from '../../src/model/config.ts';
import type { Service } from '../../src/model/service.ts';

const echo: Service = {
  name: 'echo',
  mode: 'inetd',
  instances: 50,
  listeners: [
    {
      endpoint: { family: 4, bytes: Uint8Array.from([127, 0, 0, 1]), port: 7000, scopeId: 0 },
      backlog: 4096,
      v6only: true,
    },
    {
      endpoint: {
        family: 6,
        bytes: Uint8Array.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]),
        port: 7000,
        scopeId: 0,
      },
      backlog: 16,
      v6only: false,
    },
  ],
  program: {
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
  },
};

/** A service with nothing but what it must have. */
export const plain: Service = {
  ...echo,
  name: 'plain',
  instances: 1,
  listeners: echo.listeners.slice(0, 1),
  program: {
    path: '/bin/true',
    argv: ['/bin/true'],
    env: [],
    identity: undefined,
    cwd: '/',
    umask: 0o022,
    nice: undefined,
    rlimits: [],
  },
};

/** Two services that use every field of the launch table. */
export const exampleConfig: Config = { services: [echo, plain] };

export const exampleBoot: Boot = {
  dispatcherUid: 61184,
  compilerUid: undefined,
  compiler: { path: '/usr/bin/node', argv: ['node', 'main.js', '--compiler'], env: ['TZ=UTC'] },
  dispatcher: { path: '/usr/bin/node', argv: ['node'], env: [] },
  rules: [
    { path: '/usr/bin/node', access: 'execute' },
    { path: '/usr/lib', access: 'read' },
  ],
  filter: Uint8Array.from([6, 0, 0, 0, 0, 0, 255, 127]),
  anchors: ['/opt'],
  facts: '{"source":{"path":"/etc/zinetd/zinetd.yaml"}}',
  graceMs: 8000,
  killAfterMs: 1000,
};
