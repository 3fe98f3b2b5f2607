import { InvariantError } from '../model/errors.ts';
import { Blob, FORMAT_VERSION, type Span } from './blob.ts';

const BOOT_MAGIC = 0x544f425a; // "ZBOT"
const RECORD_BYTES = 312;
const WORKERS_AT = 16;
const WORKER_BYTES = 48;
const LIMITS_AT = 256;
const FACTS_AT = 280;
const LIFE_AT = 288;
const RULE_BYTES = 8;
const FILTER_BYTES = 8;
const BOOT_PID_FILE = 1;
/** Keep the spawner's own identity. */
const NO_ID = 0xffff_ffff;

export interface Command {
  readonly path: string;
  readonly argv: readonly string[];
  readonly env: readonly string[];
}

/** What a worker may reach below a path. */
export interface AccessRule {
  readonly path: string;
  readonly access: 'read' | 'execute';
}

/** The process that asks the name services, started only where the launch table needs it. */
export interface ResolverBoot {
  /** Another uid than the dispatcher's: processes of one uid can attack each other. */
  readonly uid: number | undefined;
  readonly command: Command;
  readonly rules: readonly AccessRule[];
  readonly filter: Uint8Array;
}

/** Everything that the spawner must know before it has a launch table; written once, by `zinetd run`. */
export interface Boot {
  /** Undefined when zinetd is not root: there is no identity to change. */
  readonly dispatcherUid: number | undefined;
  readonly compilerUid: number | undefined;
  readonly compiler: Command;
  readonly dispatcher: Command;
  readonly rules: readonly AccessRule[];
  /** A seccomp program for the dispatcher, `struct sock_filter` by 8 bytes. */
  readonly filter: Uint8Array;
  /** How long handlers may go on after TERM, and then after having been sent TERM themselves. */
  readonly graceMs: number;
  readonly killAfterMs: number;
  /** How long the compiler may take. */
  readonly compileMs: number;
  /** The file that the dispatcher keeps its state in, opened as its uid; undefined: it keeps none. */
  readonly state: string | undefined;
  /** Paths that the spawner opens for its workers, where others cannot enter: /proc/self/fd/N (workers.c). */
  readonly anchors: readonly string[];
  /** Handed to the compiler as it is: the spawner parses no text. */
  readonly facts: string;
  readonly resolver: ResolverBoot;
  /** The compiler at a reload: what it finds goes to the log. */
  readonly recompiler: Command;
  /** Makes the boot record anew, with what is installed by then, and compiles. */
  readonly upgrader: Command;
  /** The path of the spawner's own program, for an upgrade. */
  readonly spawner: string;
  /** Where sd_notify(3) sends to, as NOTIFY_SOCKET has it. */
  readonly notify: string | undefined;
  /** Open and locked, on the descriptor behind the sockets; taken away in the end. */
  readonly pidFile: string | undefined;
  /** How many sockets zinetd was started with: sd_listen_fds(3). */
  readonly sockets: number;
}

/** `struct worker_row`; a worker's gid is its uid. */
interface Worker {
  readonly uid: number | undefined;
  readonly command: Command;
  readonly rules: readonly AccessRule[];
  readonly filter: Uint8Array;
}

/** It may read everything, write nothing but what it was given, and has no use for the network. */
const COMPILER_CONFINES: Pick<Worker, 'rules' | 'filter'> = {
  rules: [{ path: '/', access: 'execute' }],
  filter: new Uint8Array(0),
};

function writeRules(blob: Blob, rules: readonly AccessRule[]): Span {
  const span = blob.rows(rules.length, RULE_BYTES);
  for (const [index, rule] of rules.entries()) {
    blob.u32(span.offset + index * RULE_BYTES, blob.string(rule.path));
    blob.u32(span.offset + index * RULE_BYTES + 4, rule.access === 'execute' ? 1 : 0);
  }
  return span;
}

function writeWorker(blob: Blob, offset: number, worker: Worker): void {
  const { path, argv, env } = worker.command;
  blob.u32(offset, worker.uid ?? NO_ID);
  blob.u32(offset + 4, worker.uid ?? NO_ID);
  blob.u32(offset + 8, blob.string(path));
  blob.span(offset + 16, blob.strings(argv));
  blob.span(offset + 24, blob.strings(env));
  blob.span(offset + 32, writeRules(blob, worker.rules));
  blob.span(offset + 40, blob.raw(worker.filter, FILTER_BYTES));
}

/** The boot record, in the format of src/native/spawner/format.h. */
export function encodeBoot(boot: Boot): Uint8Array {
  const blob = new Blob(RECORD_BYTES);
  const workers: readonly Worker[] = [
    { uid: boot.compilerUid, command: boot.compiler, ...COMPILER_CONFINES },
    { uid: boot.dispatcherUid, command: boot.dispatcher, rules: boot.rules, filter: boot.filter },
    boot.resolver,
    { uid: boot.compilerUid, command: boot.recompiler, ...COMPILER_CONFINES },
    { uid: boot.compilerUid, command: boot.upgrader, ...COMPILER_CONFINES },
  ];
  for (const [index, worker] of workers.entries()) {
    writeWorker(blob, WORKERS_AT + index * WORKER_BYTES, worker);
  }
  blob.u32(LIMITS_AT, boot.graceMs);
  blob.u32(LIMITS_AT + 4, boot.killAfterMs);
  blob.u32(LIMITS_AT + 8, boot.compileMs);
  blob.u32(LIMITS_AT + 12, boot.state === undefined ? 0 : blob.string(boot.state));
  blob.span(LIMITS_AT + 16, blob.strings(boot.anchors));
  blob.span(FACTS_AT, blob.raw(new TextEncoder().encode(boot.facts), 1));
  blob.u32(LIFE_AT, boot.notify === undefined ? 0 : blob.string(boot.notify));
  blob.u32(LIFE_AT + 4, boot.pidFile === undefined ? 0 : blob.string(boot.pidFile));
  blob.u32(LIFE_AT + 8, boot.sockets);
  blob.u32(LIFE_AT + 12, boot.pidFile === undefined ? 0 : BOOT_PID_FILE);
  blob.u32(LIFE_AT + 16, blob.string(boot.spawner));
  return blob.finish(BOOT_MAGIC);
}

/** What encodeBoot took as `facts`. */
export function factsOfBoot(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  // Written by an earlier version, when this one is to take its place.
  if (view.getUint32(0, true) !== BOOT_MAGIC || view.getUint32(4, true) !== FORMAT_VERSION)
    throw new InvariantError('Cannot read the boot record: it is not of this version');
  const offset = view.getUint32(FACTS_AT, true);
  return new TextDecoder().decode(bytes.subarray(offset, offset + view.getUint32(FACTS_AT + 4, true)));
}
