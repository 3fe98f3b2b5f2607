import { InvariantError } from '../../model/errors.ts';

/** One `struct sock_filter`. Jumps count the instructions to skip. */
export interface Instruction {
  readonly code: number;
  readonly ifTrue: number;
  readonly ifFalse: number;
  readonly k: number;
}

/** Opcodes of linux/bpf_common.h. */
export const OPCODES = {
  /** BPF_LD | BPF_W | BPF_ABS: the word of seccomp_data at `k`. */
  load: 0x20,
  /** BPF_ALU | BPF_AND | BPF_K */
  and: 0x54,
  /** BPF_JMP | BPF_JA */
  jump: 0x05,
  /** BPF_JMP | BPF_JEQ | BPF_K */
  ifEqual: 0x15,
  /** BPF_JMP | BPF_JGE | BPF_K, unsigned */
  ifAtLeast: 0x35,
  /** BPF_RET | BPF_K */
  give: 0x06,
} as const;

const INSTRUCTION_BYTES = 8;
/** BPF_MAXINSNS */
const MAX_INSTRUCTIONS = 4096;
/** A conditional jump has one byte. */
export const MAX_CONDITIONAL_JUMP = 255;

export function instruction(
  code: number,
  k: number,
  jumps: { readonly ifTrue: number; readonly ifFalse: number } = { ifTrue: 0, ifFalse: 0 },
): Instruction {
  return { code, k, ...jumps };
}

/** The program as the kernel wants it; x86-64 and aarch64 are both little endian. */
export function encodeInstructions(program: readonly Instruction[]): Uint8Array {
  if (program.length > MAX_INSTRUCTIONS) {
    throw new InvariantError(`Made a filter of ${program.length} instructions`);
  }
  const bytes = new Uint8Array(program.length * INSTRUCTION_BYTES);
  const view = new DataView(bytes.buffer);
  for (const [index, { code, ifTrue, ifFalse, k }] of program.entries()) {
    if (Math.max(ifTrue, ifFalse) > MAX_CONDITIONAL_JUMP) throw new InvariantError('Made a jump too long');
    const offset = index * INSTRUCTION_BYTES;
    view.setUint16(offset, code, true);
    view.setUint8(offset + 2, ifTrue);
    view.setUint8(offset + 3, ifFalse);
    view.setUint32(offset + 4, k, true);
  }
  return bytes;
}
