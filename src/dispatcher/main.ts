import { constants } from 'node:os';
import { dispatcherLockdown } from '../compile/seccomp/dispatcher-lockdown.ts';
import { machineArchitecture } from '../compile/seccomp/machine-architecture.ts';
import { deferLog } from '../logging/deferred-log.ts';
import { createFdSink } from '../logging/fd-sink.ts';
import { createEventLog } from '../logging/logger.ts';
import type { Binding } from '../native/binding.ts';
import { Descriptor } from '../native/descriptor.ts';
import { checked } from '../native/errno.ts';
import { loadBinding } from '../native/load.ts';
import { Dispatcher } from './dispatcher.ts';
import { loadAverage } from './load-average.ts';
import { StateFile } from './state-file.ts';
import type { World } from './world.ts';

const LOG_FD = 1;
/** Where the spawner puts its channel. */
const CHANNEL_FD = 3;

/** The spawner alone decides about stopping; SIGUSR1 would open Node's inspector (S131). */
const IGNORED_SIGNALS = ['SIGUSR1', 'SIGUSR2', 'SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGPIPE'] as const;

function after(delayMs: number, callback: () => void): () => void {
  const timer = setTimeout(callback, delayMs);
  return () => clearTimeout(timer);
}

function machine(binding: Binding, logFormat: 'text' | 'json'): World {
  const sink = createFdSink({
    fd: LOG_FD,
    writable: (fd) => binding.writable(fd) > 0,
    after,
    soon: setImmediate,
  });
  const create = (now: () => number) => createEventLog({ format: logFormat, sink, now });
  const log = deferLog({ create, now: Date.now, after });
  return {
    log: { subscriber: log.write, flush: log.close },
    state: StateFile.inherited(),
    nowMs: () => performance.now(),
    wallMs: Date.now,
    load: loadAverage(),
    roll: Math.random,
    secret: () => crypto.getRandomValues(new Uint32Array(2)),
    after,
    exit: (code) => process.exit(code),
  };
}

/**
 * The dispatcher process, as the spawner starts it: sandboxed from its first instruction, and, once all code
 * is loaded, unable to execute or fork anything.
 */
export function dispatch(logFormat: 'text' | 'json'): void {
  for (const signal of IGNORED_SIGNALS) process.on(signal, () => {});
  const binding = loadBinding();
  checked(binding.undumpable(), { call: 'protect', subject: 'the dispatcher' });
  const world = machine(binding, logFormat);
  const lockdown = dispatcherLockdown(machineArchitecture());
  const result = binding.lockDown(lockdown);
  // A kernel without seccomp was told of at the start, like every other lack.
  if (result !== -constants.errno.ENOSYS) checked(result, { call: 'lock down', subject: 'the dispatcher' });
  new Dispatcher({ binding, channel: new Descriptor(binding, CHANNEL_FD), world });
}
