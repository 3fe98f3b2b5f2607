import { Blob } from './blob.ts';

const BOOT_MAGIC = 0x544f425a; // "ZBOT"
const RECORD_BYTES = 120;
const FACTS_AT = 112;
const RULE_BYTES = 8;
const FILTER_BYTES = 8;
/** Keep the spawner's own identity. */
const NO_ID = 0xffff_ffff;

export interface Command {
  readonly path: string;
  readonly argv: readonly string[];
  readonly env: readonly string[];
}

/** What the dispatcher may reach below a path. */
export interface AccessRule {
  readonly path: string;
  readonly access: 'read' | 'execute';
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
  /** Paths that the spawner opens for its workers, where others cannot enter: /proc/self/fd/N (workers.c). */
  readonly anchors: readonly string[];
  /** Handed to the compiler as it is: the spawner parses no text. */
  readonly facts: string;
}

function writeCommand(blob: Blob, offset: number, command: Command): void {
  blob.u32(offset, blob.string(command.path));
  blob.span(offset + 8, blob.strings(command.argv));
  blob.span(offset + 16, blob.strings(command.env));
}

/** The boot record, in the format of src/native/spawner/format.h. A worker's gid is its uid. */
export function encodeBoot(boot: Boot): Uint8Array {
  const blob = new Blob(RECORD_BYTES);
  for (const [index, uid] of [boot.dispatcherUid, boot.compilerUid].entries()) {
    blob.u32(16 + 8 * index, uid ?? NO_ID);
    blob.u32(20 + 8 * index, uid ?? NO_ID);
  }
  writeCommand(blob, 32, boot.compiler);
  writeCommand(blob, 56, boot.dispatcher);
  const rules = blob.rows(boot.rules.length, RULE_BYTES);
  for (const [index, rule] of boot.rules.entries()) {
    blob.u32(rules.offset + index * RULE_BYTES, blob.string(rule.path));
    blob.u32(rules.offset + index * RULE_BYTES + 4, rule.access === 'execute' ? 1 : 0);
  }
  blob.span(80, rules);
  blob.span(88, blob.raw(boot.filter, FILTER_BYTES));
  blob.u32(96, boot.graceMs);
  blob.u32(100, boot.killAfterMs);
  blob.span(104, blob.strings(boot.anchors));
  blob.span(FACTS_AT, blob.raw(new TextEncoder().encode(boot.facts), 1));
  return blob.finish(BOOT_MAGIC);
}

/** What encodeBoot took as `facts`. */
export function factsOfBoot(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const offset = view.getUint32(FACTS_AT, true);
  return new TextDecoder().decode(bytes.subarray(offset, offset + view.getUint32(FACTS_AT + 4, true)));
}
