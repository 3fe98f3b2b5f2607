import { randomBytes } from 'node:crypto';
import { close as closeInspector } from 'node:inspector';
import { join } from 'node:path';
import { type Boot, encodeBoot } from '../compile/boot.ts';
import { dispatcherFilter } from '../compile/seccomp/dispatcher-filter.ts';
import { machineArchitecture } from '../compile/seccomp/machine-architecture.ts';
import { resolverFilter } from '../compile/seccomp/resolver-filter.ts';
import { SyscallError, UsageError } from '../model/errors.ts';
import { checked } from '../native/errno.ts';
import { findSpawner, loadBinding } from '../native/load.ts';
import { dispatcherRules, resolverRules } from './access-rules.ts';
import { prepareControlDirectory } from './control-directory.ts';
import type { StateDirectory } from './daemon-options.ts';
import type { CompilerFacts, ControlPlace, MachineFacts, SocketFacts } from './facts.ts';
import { machineFacts } from './host.ts';
import { descriptorsOf, lookAtSockets } from './inherited-sockets.ts';
import { inspectorFlag } from './inspector-flag.ts';
import { anchorsOf } from './install.ts';
import { printError } from './print.ts';
import { serviceManager } from './service-manager.ts';
import { prepareStateDirectory } from './state-directory.ts';
import { warnOfSuidDumpable } from './suid-dumpable.ts';
import { compilerCommand, dispatcherCommand, recompilerCommand, resolverCommand } from './worker-commands.ts';

export interface DaemonOptions {
  readonly source: CompilerFacts['source'];
  readonly logFormat: 'text' | 'json';
  readonly graceMs: number;
  /** Undefined: none. */
  readonly state: StateDirectory | undefined;
  /** The path of the control socket, unless the configuration has one; undefined: none. */
  readonly control: ControlPlace | undefined;
  /** Another build of the spawner, for tests. */
  readonly spawner: string | undefined;
}

/** Handlers that ignore TERM are killed after this. */
const KILL_AFTER_MS = 1000;

/** In the wall's time, for a compiler that waits for a dead file system; its CPU time has a limit of its own. */
const COMPILE_MS = 60_000;

/** In the state directory. */
const STATE_FILE = 'bans';

const DIGEST_KEY_BYTES = 32;

const ROOT = 0;

/**
 * An inspector would let anybody on this machine run code as us (S133). One that nobody asked for was opened by
 * SIGUSR1 before main.ts could catch it (S131).
 */
function refuseInspector(): void {
  const flag = inspectorFlag();
  if (flag) throw new UsageError(`Cannot start under an inspector: Node was given "${flag}"`);
  closeInspector();
}

function warn(message: string): void {
  printError(`zinetd: warning: ${message}\n`);
}

/** The path for the spawner, which opens the file as the dispatcher's uid. */
function stateFileIn(
  { path, required }: StateDirectory,
  { ownerUid, dispatcherUid }: MachineFacts,
): string | undefined {
  const reason = prepareStateDirectory(path, { ownerUid, holderUid: dispatcherUid ?? ownerUid });
  if (reason === undefined) return join(path, STATE_FILE);
  const message = `Cannot keep state in "${path}": ${reason}`;
  if (required) throw new UsageError(message);
  warn(message);
  return undefined;
}

/** Undefined where there is no place for it, and nobody has asked for one. */
function controlFor(place: ControlPlace | undefined): ControlPlace | undefined {
  if (!place) return undefined;
  const reason = prepareControlDirectory(place.path);
  if (reason === undefined) return place;
  const message = `Cannot have a control socket at "${place.path}": ${reason}`;
  if (place.required) throw new UsageError(message);
  warn(message);
  return undefined;
}

function planBoot(options: DaemonOptions, sockets: readonly SocketFacts[]): Boot {
  const facts = machineFacts();
  const uid = facts.dispatcherUid;
  if (
    facts.ownerUid === ROOT &&
    !facts.isPowerless &&
    (uid === undefined || facts.resolverUid === undefined)
  ) {
    throw new SyscallError({ call: 'find', subject: 'uids for dispatcher and resolver', code: 'EUSERS' });
  }
  const anchors = anchorsOf(uid);
  const manager = serviceManager(process.env, { pid: process.pid, warn });
  return {
    dispatcherUid: uid,
    compilerUid: uid,
    anchors,
    compiler: compilerCommand(anchors),
    dispatcher: dispatcherCommand(anchors, { logFormat: options.logFormat, manager }),
    rules: dispatcherRules(),
    filter: dispatcherFilter(machineArchitecture()),
    graceMs: options.graceMs,
    killAfterMs: KILL_AFTER_MS,
    compileMs: COMPILE_MS,
    state: options.state && stateFileIn(options.state, facts),
    recompiler: recompilerCommand(anchors),
    upgrader: compilerCommand(anchors),
    notify: manager?.socket,
    pidFile: undefined,
    sockets: sockets.length,
    facts: JSON.stringify({
      ...facts,
      source: options.source,
      control: controlFor(options.control),
      digestKey: randomBytes(DIGEST_KEY_BYTES).toString('hex'),
      sockets,
    } satisfies CompilerFacts),
    resolver: {
      uid: facts.resolverUid,
      command: resolverCommand(anchors),
      rules: resolverRules(),
      filter: resolverFilter(machineArchitecture()),
    },
  };
}

/**
 * Becomes the spawner: the same process, without Node, with a fresh environment, and with the boot record as
 * its one descriptor. Returns only by throwing.
 */
export function startDaemon(options: DaemonOptions): never {
  process.on('SIGHUP', () => {}); // nothing is read yet that would have to be read again (S122)
  refuseInspector();
  if (process.getuid?.() === ROOT) warnOfSuidDumpable(warn);
  const binding = loadBinding();
  const spawner = options.spawner ?? findSpawner();
  const sockets = lookAtSockets(binding, { environment: process.env, pid: process.pid });
  const boot = encodeBoot(planBoot(options, sockets));
  const fd = checked(binding.sealedMemfd(boot), { call: 'make', subject: 'a sealed memfd' });
  const result = binding.exec(spawner, ['zinetd'], [], Int32Array.of(fd, ...descriptorsOf(sockets)));
  checked(result, { call: 'execute', subject: `"${spawner}"` });
  throw new SyscallError({ call: 'execute', subject: `"${spawner}"`, code: 'EIO' });
}
