import type { Command } from '../compile/boot.ts';
import { type Install, installFor } from './install.ts';
import type { ServiceManager } from './service-manager.ts';

/** Where the spawner puts the first anchor: after the descriptors that each worker gets (workers.c). */
const COMPILER_ANCHOR_FD = 6;
const DISPATCHER_ANCHOR_FD = 5;
const RESOLVER_ANCHOR_FD = 4;
const UPGRADER_ANCHOR_FD = 8;

/**
 * Heap for a configuration of the largest size that is accepted, several times over, and young generations so large that
 * a thousand services are compiled with a tenth less time in the garbage collector.
 */
const COMPILER_FLAGS = ['--max-old-space-size=256', '--min-semi-space-size=16', '--max-semi-space-size=32'];

/** It keeps nothing but what is asked at the moment. */
const RESOLVER_FLAGS = ['--max-old-space-size=96', '--max-semi-space-size=2'];

/**
 * Threads for look-ups (resolver/main.ts): each waits in the C library. That gives up on a name server
 * after seconds, and adds no domain of this network to the name that a stranger's address has (S42).
 */
const RESOLVER_ENVIRONMENT = ['UV_THREADPOOL_SIZE=256', 'RES_OPTIONS=timeout:2 attempts:2', 'LOCALDOMAIN=.'];

/**
 * It keeps little, so that a young generation of a few hundred connections is enough, and helpers of the garbage collector cost more
 * than they bring: each collection would wait until they had a processor, which clients and handlers want (decision 25).
 */
const DISPATCHER_FLAGS = [
  '--max-old-space-size=192',
  '--max-semi-space-size=2',
  '--single-threaded-gc',
  '--v8-pool-size=1',
];

/**
 * Newer releases can be told not to open the inspector on SIGUSR1 (S131). In older ones the sandbox, which
 * forbids sockets, and a handler of our own do.
 */
function signalFlags(): readonly string[] {
  return process.allowedNodeEnvironmentFlags.has('--disable-sigusr1') ? ['--disable-sigusr1'] : [];
}

/**
 * All of the environment that a Node process of ours sees (S132). An unreadable openssl.cnf would be fatal,
 * and without zoneinfo the time zone must be named.
 */
function environment(): readonly string[] {
  return [`TZ=${Intl.DateTimeFormat().resolvedOptions().timeZone}`, 'OPENSSL_CONF=/dev/null'];
}

function nodeCommand(
  install: Install,
  options: {
    readonly flags: readonly string[];
    readonly args: readonly string[];
    readonly env?: readonly string[];
  },
): Command {
  return {
    path: install.node,
    argv: ['node', ...signalFlags(), ...install.flags, ...options.flags, install.main, ...options.args],
    env: [...environment(), ...(options.env ?? [])],
  };
}

export function compilerCommand(anchors: readonly string[]): Command {
  return nodeCommand(installFor(anchors, COMPILER_ANCHOR_FD), {
    flags: COMPILER_FLAGS,
    args: ['--compiler'],
  });
}

export function recompilerCommand(anchors: readonly string[]): Command {
  return nodeCommand(installFor(anchors, COMPILER_ANCHOR_FD), {
    flags: COMPILER_FLAGS,
    args: ['--compiler', 'reload'],
  });
}

export function upgraderCommand(anchors: readonly string[]): Command {
  return nodeCommand(installFor(anchors, UPGRADER_ANCHOR_FD), {
    flags: COMPILER_FLAGS,
    args: ['--upgrader'],
  });
}

export interface DispatcherOptions {
  readonly logFormat: 'text' | 'json';
  readonly manager: ServiceManager | undefined;
}

export function dispatcherCommand(
  anchors: readonly string[],
  { logFormat, manager }: DispatcherOptions,
): Command {
  const managed = manager ? [String(manager.signOfLifeMs ?? 0)] : [];
  const args = ['--dispatcher', logFormat, ...managed];
  return nodeCommand(installFor(anchors, DISPATCHER_ANCHOR_FD), { flags: DISPATCHER_FLAGS, args });
}

export function resolverCommand(anchors: readonly string[]): Command {
  const args = ['--resolver'];
  return nodeCommand(installFor(anchors, RESOLVER_ANCHOR_FD), {
    flags: RESOLVER_FLAGS,
    args,
    env: RESOLVER_ENVIRONMENT,
  });
}
