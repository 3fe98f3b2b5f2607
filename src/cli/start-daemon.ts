import { close as closeInspector } from 'node:inspector';
import { type Boot, encodeBoot } from '../compile/boot.ts';
import { dispatcherFilter } from '../compile/seccomp/dispatcher-filter.ts';
import { machineArchitecture } from '../compile/seccomp/machine-architecture.ts';
import { SyscallError, UsageError } from '../model/errors.ts';
import { checked } from '../native/errno.ts';
import { findSpawner, loadBinding } from '../native/load.ts';
import { dispatcherRules } from './access-rules.ts';
import type { CompilerFacts } from './facts.ts';
import { machineFacts } from './host.ts';
import { inspectorFlag } from './inspector-flag.ts';
import { anchorsOf } from './install.ts';
import { printError } from './print.ts';
import { warnOfSuidDumpable } from './suid-dumpable.ts';
import { compilerCommand, dispatcherCommand } from './worker-commands.ts';

export interface DaemonOptions {
  readonly source: CompilerFacts['source'];
  readonly logFormat: 'text' | 'json';
  readonly graceMs: number;
  /** Another build of the spawner, for tests. */
  readonly spawner: string | undefined;
}

/** Handlers that ignore TERM are killed after this. */
const KILL_AFTER_MS = 1000;

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

function planBoot(options: DaemonOptions): Boot {
  const facts = machineFacts();
  const uid = facts.dispatcherUid;
  if (facts.ownerUid === ROOT && uid === undefined) {
    throw new SyscallError({ call: 'find', subject: 'a uid for the dispatcher', code: 'EUSERS' });
  }
  const anchors = anchorsOf(uid);
  return {
    dispatcherUid: uid,
    compilerUid: uid,
    anchors,
    compiler: compilerCommand(anchors),
    dispatcher: dispatcherCommand(anchors, options.logFormat),
    rules: dispatcherRules(),
    filter: dispatcherFilter(machineArchitecture()),
    graceMs: options.graceMs,
    killAfterMs: KILL_AFTER_MS,
    facts: JSON.stringify({ ...facts, source: options.source } satisfies CompilerFacts),
  };
}

/**
 * Becomes the spawner: the same process, without Node, with a fresh environment, and with the boot record as
 * its one descriptor. Returns only by throwing.
 */
export function startDaemon(options: DaemonOptions): never {
  refuseInspector();
  if (process.getuid?.() === ROOT)
    warnOfSuidDumpable((message) => printError(`zinetd: warning: ${message}\n`));
  const binding = loadBinding();
  const spawner = options.spawner ?? findSpawner();
  const boot = encodeBoot(planBoot(options));
  const fd = checked(binding.sealedMemfd(boot), { call: 'make', subject: 'a sealed memfd' });
  const result = binding.exec(spawner, ['zinetd'], [], fd);
  checked(result, { call: 'execute', subject: `"${spawner}"` });
  throw new SyscallError({ call: 'execute', subject: `"${spawner}"`, code: 'EIO' });
}
