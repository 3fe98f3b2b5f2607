import { randomBytes } from 'node:crypto';
import { close as closeInspector } from 'node:inspector';
import { join } from 'node:path';
import { encodeBoot } from '../compile/boot.ts';
import { SyscallError, UsageError } from '../model/errors.ts';
import { checked } from '../native/errno.ts';
import { findSpawner, loadBinding } from '../native/load.ts';
import { prepareControlDirectory } from './control-directory.ts';
import type { StateDirectory } from './daemon-options.ts';
import type { CompilerFacts, ControlPlace, MachineFacts, SocketFacts } from './facts.ts';
import { machineFacts } from './host.ts';
import { descriptorsOf, lookAtSockets } from './inherited-sockets.ts';
import { inspectorFlag } from './inspector-flag.ts';
import { makePidFile } from './pid-file.ts';
import { planBoot } from './plan-boot.ts';
import { printError } from './print.ts';
import { serviceManager } from './service-manager.ts';
import { prepareStateDirectory } from './state-directory.ts';
import { warnOfSuidDumpable } from './suid-dumpable.ts';
import { sweepCgroups } from './sweep-cgroups.ts';

export interface DaemonOptions {
  readonly source: CompilerFacts['source'];
  readonly logFormat: 'text' | 'json';
  readonly graceMs: number;
  /** Undefined: none. */
  readonly state: StateDirectory | undefined;
  /** The path of the control socket, unless the configuration has one; undefined: none. */
  readonly control: ControlPlace | undefined;
  /** The path of a file for the pid. */
  readonly pidFile: string | undefined;
  /** Another build of the spawner, for tests. */
  readonly spawner: string | undefined;
}

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

function gatherFacts(options: DaemonOptions, sockets: readonly SocketFacts[]): CompilerFacts {
  const facts = machineFacts();
  const uid = facts.dispatcherUid;
  if (
    facts.ownerUid === ROOT &&
    !facts.isPowerless &&
    (uid === undefined || facts.resolverUid === undefined)
  ) {
    throw new SyscallError({ call: 'find', subject: 'uids for dispatcher and resolver', code: 'EUSERS' });
  }
  return {
    ...facts,
    source: options.source,
    control: controlFor(options.control),
    digestKey: randomBytes(DIGEST_KEY_BYTES).toString('hex'),
    sockets,
    daemon: {
      logFormat: options.logFormat,
      graceMs: options.graceMs,
      state: options.state && stateFileIn(options.state, facts),
      manager: serviceManager(process.env, { pid: process.pid, warn }),
      pidFile: options.pidFile,
      spawner: options.spawner ?? findSpawner(),
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
  const sockets = lookAtSockets(binding, { environment: process.env, pid: process.pid });
  const facts = gatherFacts(options, sockets);
  if (facts.cgroups) sweepCgroups(facts.cgroups);
  const { spawner } = facts.daemon;
  const boot = encodeBoot(planBoot(facts));
  const fd = checked(binding.sealedMemfd(boot), { call: 'make', subject: 'a sealed memfd' });
  const { pid } = process;
  const file = options.pidFile && makePidFile(options.pidFile, { binding, pid, ownerUid: facts.ownerUid });
  const kept = Int32Array.of(fd, ...descriptorsOf(sockets), ...(file ? [file.fd] : []));
  const result = binding.exec(spawner, ['zinetd'], [], kept);
  checked(result, { call: 'execute', subject: `"${spawner}"` });
  throw new SyscallError({ call: 'execute', subject: `"${spawner}"`, code: 'EIO' });
}
