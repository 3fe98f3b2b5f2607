import { constants } from 'node:os';
import type { Architecture } from '../../model/architecture.ts';
import { syscallNumber } from '../../model/syscall-numbers.ts';
import { AUDIT_ARCHITECTURES, X32_NUMBERS } from './architecture.ts';
import {
  encodeInstructions,
  type Instruction,
  instruction,
  MAX_CONDITIONAL_JUMP,
  OPCODES,
} from './instruction.ts';
import type { Action, Condition, Rule } from './rule.ts';

/** Offsets in `struct seccomp_data`; an argument's low half comes first. */
const NUMBER_OFFSET = 0;
const ARCHITECTURE_OFFSET = 4;
const ARGUMENTS_OFFSET = 16;
const ARGUMENT_BYTES = 8;

/** SECCOMP_RET_* of linux/seccomp.h. */
const KILL_PROCESS = 0x8000_0000;
const ALLOW = 0x7fff_0000;
const ERRNO = 0x0005_0000;
const ALL_BITS = 0xffff_ffff;

type Code = readonly Instruction[];

export interface Target {
  readonly architecture: Architecture;
  /** What becomes of calls that no rule names. Default: `allow`. */
  readonly unruled?: Action;
}

/** Calls from `first` up to the next segment are all treated alike. */
interface Segment {
  readonly first: number;
  readonly code: Code;
}

function returned(action: Action): number {
  if (action === 'allow') return ALLOW;
  if (action === 'kill') return KILL_PROCESS;
  return action === 'pretend' ? ERRNO : ERRNO | constants.errno[action];
}

function give(action: Action): Instruction {
  return instruction(OPCODES.give, returned(action));
}

function maskOf(condition: Condition): number {
  return (condition.mask ?? ALL_BITS) >>> 0;
}

/** What the condition is about, unless the one before it has left just that behind. */
function loadCode(tested: Condition, before: Condition | undefined): Code {
  const [mask, last] = [maskOf(tested), before && maskOf(before)];
  if (before?.argument === tested.argument && last === mask) return [];
  const load = instruction(OPCODES.load, ARGUMENTS_OFFSET + ARGUMENT_BYTES * tested.argument);
  return mask === ALL_BITS ? [load] : [load, instruction(OPCODES.and, mask)];
}

/** Falls through where the condition holds; elsewhere skips `left` instructions. */
function compare({ test, value }: Condition, left: number): Instruction {
  const jumps = test === 'equals' ? { ifTrue: 0, ifFalse: left } : { ifTrue: left, ifFalse: 0 };
  return instruction(OPCODES.ifEqual, value >>> 0, jumps);
}

/** One rule; whatever does not meet its conditions goes on behind it. */
function ruleCode({ action, when = [] }: Rule): Code {
  let code: Code = [give(action)];
  for (const [index, tested] of [...when.entries()].toReversed()) {
    code = [...loadCode(tested, when[index - 1]), compare(tested, code.length), ...code];
  }
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
function segmentsOf(rules: readonly Rule[], { architecture, unruled = 'allow' }: Target): readonly Segment[] {
  const byNumber = new Map<number, Rule[]>();
  for (const rule of rules) {
    const number = syscallNumber(rule.syscall, architecture);
    if (number !== undefined) byNumber.set(number, [...(byNumber.get(number) ?? []), rule]);
  }
  const gap = [give(unruled)];
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
export function assemble(rules: readonly Rule[], target: Target): Uint8Array {
  return encodeInstructions([...guard(target.architecture), ...tree(segmentsOf(rules, target))]);
}
