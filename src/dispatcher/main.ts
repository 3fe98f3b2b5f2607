import { constants, hostname } from 'node:os';
import { dispatcherLockdown } from '../compile/seccomp/dispatcher-lockdown.ts';
import { machineArchitecture } from '../compile/seccomp/machine-architecture.ts';
import { createFdSink } from '../logging/fd-sink.ts';
import { EXIT } from '../model/exit-code.ts';
import type { Binding } from '../native/binding.ts';
import { Descriptor } from '../native/descriptor.ts';
import { checked } from '../native/errno.ts';
import { loadBinding } from '../native/load.ts';
import { crashEvent } from './crash-event.ts';
import { Dispatcher } from './dispatcher.ts';
import { lineCalls } from './line-calls.ts';
import { loadAverage } from './load-average.ts';
import type { LogMachine } from './log-destination.ts';
import { Logs } from './logs.ts';
import { packageVersion } from './package-version.ts';
import { StateFile } from './state-file.ts';
import type { World } from './world.ts';

const LOG_FD = 1;
/** Where the spawner puts its channel. */
const CHANNEL_FD = 3;
/** What a log takes to tell of the end of this process. */
const MOST_TELLING_MS = 1000;

/** The spawner alone decides about stopping; SIGUSR1 would open Node's inspector (S131). */
const IGNORED_SIGNALS = ['SIGUSR1', 'SIGUSR2', 'SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGPIPE'] as const;

function after(delayMs: number, callback: () => void): () => void {
  const timer = setTimeout(callback, delayMs);
  return () => clearTimeout(timer);
}

function logs(binding: Binding, format: 'text' | 'json'): Logs {
  const calls = lineCalls(binding);
  const machine: LogMachine = {
    ...{ calls, format, after, soon: setImmediate, nowMs: () => performance.now(), wallMs: Date.now },
    ...{ hostName: hostname(), pid: process.pid, key: crypto.getRandomValues(new Uint8Array(32)) },
  };
  return new Logs({ machine, first: createFdSink({ ...machine, fd: LOG_FD, writable: calls.writable }) });
}

/**
 * State that an exception has gone through is not to be trusted, and counters that are wrong would be wrong for ever: another
 * dispatcher begins anew, with the listeners and the handlers of this one (S135). Rejections come here as well.
 */
function endOnException({ log, exit, after }: World): void {
  const leave = (): void => exit(EXIT.bug);
  let isOver = false;
  process.on('uncaughtException', (thrown) => {
    // The second may be of the very telling of the first.
    if (isOver) leave();
    isOver = true;
    after(MOST_TELLING_MS, leave);
    log.subscriber(crashEvent(thrown));
    log.close(leave);
  });
}

/** What `zinetd run` tells the dispatcher. */
export interface DispatchOptions extends Pick<World, 'manager'> {
  readonly logFormat: 'text' | 'json';
}

function machine(binding: Binding, { logFormat, manager }: DispatchOptions): World {
  return {
    log: logs(binding, logFormat),
    state: StateFile.inherited(),
    version: packageVersion(),
    pids: { spawner: process.ppid, dispatcher: process.pid },
    manager,
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
export function dispatch(options: DispatchOptions): void {
  for (const signal of IGNORED_SIGNALS) process.on(signal, () => {});
  const binding = loadBinding();
  checked(binding.undumpable(), { call: 'protect', subject: 'the dispatcher' });
  const world = machine(binding, options);
  const lockdown = dispatcherLockdown(machineArchitecture());
  const result = binding.lockDown(lockdown);
  // A kernel without seccomp was told of at the start, like every other lack.
  if (result !== -constants.errno.ENOSYS) checked(result, { call: 'lock down', subject: 'the dispatcher' });
  endOnException(world);
  new Dispatcher({ binding, channel: new Descriptor(binding, CHANNEL_FD), world });
}
