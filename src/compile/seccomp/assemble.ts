import { type Architecture, AUDIT_ARCHITECTURES, X32_NUMBERS } from './architecture.ts';
import {
  encodeInstructions,
  type Instruction,
  instruction,
  MAX_CONDITIONAL_JUMP,
  OPCODES,
} from './instruction.ts';
import type { Action, Condition, Rule } from './rule.ts';
import { syscallNumber } from './syscall-numbers.ts';

/** Offsets in `struct seccomp_data`; an argument's low half comes first. */
const NUMBER_OFFSET = 0;
const ARCHITECTURE_OFFSET = 4;
const ARGUMENTS_OFFSET = 16;
const ARGUMENT_BYTES = 8;

const KILL_PROCESS = 0x8000_0000;
const RETURNS: Readonly<Record<Action, number>> = {
  allow: 0x7fff_0000,
  EPERM: 0x0005_0000 | 1,
  ENOSYS: 0x0005_0000 | 38,
  pretend: 0x0005_0000,
};
const ALL_BITS = 0xffff_ffff;

type Code = readonly Instruction[];

/** Calls from `first` up to the next segment are all treated alike. */
interface Segment {
  readonly first: number;
  readonly code: Code;
}

function give(action: Action): Instruction {
  return instruction(OPCODES.give, RETURNS[action]);
}

/** Falls through where the condition holds; elsewhere skips `left` instructions. */
function condition(tested: Condition, left: number): Code {
  const mask = (tested.mask ?? ALL_BITS) >>> 0;
  const jumps = tested.test === 'equals' ? { ifTrue: 0, ifFalse: left } : { ifTrue: left, ifFalse: 0 };
  return [
    instruction(OPCODES.load, ARGUMENTS_OFFSET + ARGUMENT_BYTES * tested.argument),
    ...(mask === ALL_BITS ? [] : [instruction(OPCODES.and, mask)]),
    instruction(OPCODES.ifEqual, tested.value >>> 0, jumps),
  ];
}

/** One rule; whatever does not meet its conditions goes on behind it. */
function ruleCode(rule: Rule): Code {
  let code: Code = [give(rule.action)];
  for (const tested of (rule.when ?? []).toReversed()) code = [...condition(tested, code.length), ...code];
  return code;
}

/** All rules of one call, the first first. */
function callCode(rules: readonly Rule[]): Code {
  const deciding = rules.findIndex((rule) => (rule.when ?? []).length === 0);
  if (deciding >= 0) return rules.slice(0, deciding + 1).flatMap(ruleCode);
  return [...rules.flatMap(ruleCode), give('allow')];
}

function isSame(a: Code, b: Code): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Neighbours that are treated alike become one. */
function merge(segments: readonly Segment[]): readonly Segment[] {
  return segments.filter((segment, index) => {
    const before = segments[index - 1];
    return before === undefined || !isSame(before.code, segment.code);
  });
}

/** Every number from 0 on, in order: the calls that have rules, and the gaps between them. */
function segmentsOf(rules: readonly Rule[], architecture: Architecture): readonly Segment[] {
  const byNumber = new Map<number, Rule[]>();
  for (const rule of rules) {
    const number = syscallNumber(rule.syscall, architecture);
    if (number !== undefined) byNumber.set(number, [...(byNumber.get(number) ?? []), rule]);
  }
  const gap = [give('allow')];
  const segments: Segment[] = [{ first: 0, code: gap }];
  for (const [number, own] of [...byNumber].sort(([a], [b]) => a - b)) {
    if (segments.at(-1)?.first === number) segments.pop();
    segments.push({ first: number, code: callCode(own) }, { first: number + 1, code: gap });
  }
  return merge(segments);
}

/** A balanced tree of comparisons: the kernel walks a filter on every call. */
function tree(segments: readonly Segment[]): Code {
  const middle = Math.floor(segments.length / 2);
  const pivot = segments[middle];
  if (pivot === undefined || middle === 0) return segments[0]?.code ?? [give('allow')];
  const below = tree(segments.slice(0, middle));
  const above = tree(segments.slice(middle));
  if (below.length <= MAX_CONDITIONAL_JUMP) {
    const branch = instruction(OPCODES.ifAtLeast, pivot.first, { ifTrue: below.length, ifFalse: 0 });
    return [branch, ...below, ...above];
  }
  // Too far for one byte: an unconditional jump has four.
  const branch = instruction(OPCODES.ifAtLeast, pivot.first, { ifTrue: 0, ifFalse: 1 });
  return [branch, instruction(OPCODES.jump, below.length), ...below, ...above];
}

/** Another calling convention has other numbers: whoever uses one is killed, x32 included. */
function guard(architecture: Architecture): Code {
  const kill = instruction(OPCODES.give, KILL_PROCESS);
  const x32 = [instruction(OPCODES.ifAtLeast, X32_NUMBERS, { ifTrue: 0, ifFalse: 1 }), kill];
  return [
    instruction(OPCODES.load, ARCHITECTURE_OFFSET),
    instruction(OPCODES.ifEqual, AUDIT_ARCHITECTURES[architecture], { ifTrue: 1, ifFalse: 0 }),
    kill,
    instruction(OPCODES.load, NUMBER_OFFSET),
    ...(architecture === 'x64' ? x32 : []),
  ];
}

/** The rules as a seccomp program. Rules for calls that an architecture does not have are left out. */
export function assemble(rules: readonly Rule[], architecture: Architecture): Uint8Array {
  return encodeInstructions([...guard(architecture), ...tree(segmentsOf(rules, architecture))]);
}
