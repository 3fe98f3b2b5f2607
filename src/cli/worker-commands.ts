import type { Command } from '../compile/boot.ts';
import { type Install, installFor } from './install.ts';

/** Where the spawner puts the first anchor: after the descriptors that each worker gets (workers.c). */
const COMPILER_ANCHOR_FD = 6;
const DISPATCHER_ANCHOR_FD = 4;

/** Heap for a configuration of the largest size that is accepted, several times over. */
const COMPILER_FLAGS = ['--max-old-space-size=256'];

/** Small generations: the dispatcher keeps little, and it should stay small in memory. */
const DISPATCHER_FLAGS = ['--max-old-space-size=192', '--max-semi-space-size=4'];

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
  options: { readonly flags: readonly string[]; readonly args: readonly string[] },
): Command {
  return {
    path: install.node,
    argv: ['node', ...signalFlags(), ...install.flags, ...options.flags, install.main, ...options.args],
    env: environment(),
  };
}

export function compilerCommand(anchors: readonly string[]): Command {
  return nodeCommand(installFor(anchors, COMPILER_ANCHOR_FD), {
    flags: COMPILER_FLAGS,
    args: ['--compiler'],
  });
}

export function dispatcherCommand(anchors: readonly string[], logFormat: 'text' | 'json'): Command {
  const args = ['--dispatcher', logFormat];
  return nodeCommand(installFor(anchors, DISPATCHER_ANCHOR_FD), { flags: DISPATCHER_FLAGS, args });
}
