import type { Architecture } from '../../model/architecture.ts';
import { itemAt } from '../../model/item-at.ts';
import { syscallNumber } from '../../model/syscall-numbers.ts';
import { AUDIT_ARCHITECTURES, X32_NUMBERS } from './architecture.ts';
import { encodeInstructions, OPCODES } from './instruction.ts';
import { type Place, ProgramBuilder } from './program-builder.ts';
import type { Action, Rule } from './rule.ts';
import { KILL_PROCESS, placeVerdict, type Verdict, verdictOf } from './verdict.ts';

/** Offsets in `struct seccomp_data`. */
const NUMBER_OFFSET = 0;
const ARCHITECTURE_OFFSET = 4;

/** Up to so many single calls in a range of others are compared with one after the other. */
const MOST_ISLANDS = 3;

export interface Target {
  readonly architecture: Architecture;
  /** What becomes of calls that no rule names. Default: `allow`. */
  readonly unruled?: Action;
}

/** Calls from `first` up to the next segment are all treated alike. */
interface Segment {
  readonly first: number;
  readonly isSingle: boolean;
  readonly verdict: Verdict;
}

function isAlike(a: Segment | undefined, b: Segment | undefined): boolean {
  return a !== undefined && a.verdict.meaning === b?.verdict.meaning;
}

/** The rules of each call that has any, by its number. */
function rulesByNumber(
  rules: readonly Rule[],
  architecture: Architecture,
): ReadonlyMap<number, readonly Rule[]> {
  const byNumber = new Map<number, Rule[]>();
  for (const rule of rules) {
    const number = syscallNumber(rule.syscall, architecture);
    const own = number === undefined ? undefined : byNumber.get(number);
    if (own) own.push(rule);
    else if (number !== undefined) byNumber.set(number, [rule]);
  }
  return byNumber;
}

/** Every number from 0 on, in order; neighbours that are treated alike are one segment. */
function segmentsOf(rules: readonly Rule[], { architecture, unruled = 'allow' }: Target): readonly Segment[] {
  const byNumber = rulesByNumber(rules, architecture);
  const unnamed = verdictOf([], unruled);
  const segments: Segment[] = [];
  const most = Math.max(-1, ...byNumber.keys());
  for (let first = 0; first <= most + 1; first++) {
    const own = byNumber.get(first);
    const segment = { first, isSingle: first <= most, verdict: own ? verdictOf(own, unruled) : unnamed };
    const before = segments.at(-1);
    if (before && isAlike(before, segment)) segments[segments.length - 1] = { ...before, isSingle: false };
    else segments.push(segment);
  }
  return segments;
}

/** Single calls in what is a single range but for them: each is looked for by its number. */
function islandsIn(segments: readonly Segment[]): readonly Segment[] | undefined {
  const islands = segments.filter((_, index) => index % 2 === 1);
  const [sea] = segments;
  const isSea = segments.every((segment, index) =>
    index % 2 === 0 ? isAlike(segment, sea) : segment.isSingle,
  );
  return isSea && segments.length % 2 === 1 && islands.length <= MOST_ISLANDS ? islands : undefined;
}

/** Both halves, each with its neighbour beyond the middle where that makes an island of the call at its edge. */
function halvesOf(
  segments: readonly Segment[],
  middle: number,
): readonly [readonly Segment[], readonly Segment[]] {
  const below = segments.slice(0, middle);
  const above = segments.slice(middle);
  const [before, pivot] = [below.at(-1), above[0]];
  if (!before || !pivot) return [below, above];
  const isShore = before.isSingle && isAlike(below.at(-2), pivot);
  const isCoast = pivot.isSingle && isAlike(above[1], before);
  return [isShore ? [...below, pivot] : below, isCoast ? [before, ...above] : above];
}

/** A balanced tree of comparisons. */
function placeTree(program: ProgramBuilder, segments: readonly Segment[]): Place {
  const islands = islandsIn(segments);
  const [sea] = segments;
  if (islands && sea) {
    let place = placeVerdict(program, sea.verdict);
    for (const { first, verdict } of islands.toReversed()) {
      const ifTrue = placeVerdict(program, verdict);
      place = program.branch(OPCODES.ifEqual, { k: first, ifTrue, ifFalse: place });
    }
    return place;
  }
  const middle = Math.floor(segments.length / 2);
  const [below, above] = halvesOf(segments, middle);
  const ifTrue = placeTree(program, above);
  const ifFalse = placeTree(program, below);
  return program.branch(OPCODES.ifAtLeast, { k: itemAt(segments, middle).first, ifTrue, ifFalse });
}

/** Another calling convention has other numbers: whoever uses one is killed, x32 included. */
function placeGuard(
  program: ProgramBuilder,
  { tree, architecture }: { tree: Place; architecture: Architecture },
): Place {
  const x32 = (): Place => {
    const ways = { ifTrue: program.give(KILL_PROCESS), ifFalse: tree };
    return program.branch(OPCODES.ifAtLeast, { k: X32_NUMBERS, ...ways });
  };
  const numbers = architecture === 'x64' ? x32() : tree;
  const loaded = program.before(numbers, { code: OPCODES.load, k: NUMBER_OFFSET });
  const ways = { ifTrue: loaded, ifFalse: program.give(KILL_PROCESS) };
  const guarded = program.branch(OPCODES.ifEqual, { k: AUDIT_ARCHITECTURES[architecture], ...ways });
  return program.before(guarded, { code: OPCODES.load, k: ARCHITECTURE_OFFSET });
}

/** The rules as a seccomp program. Rules for calls that an architecture does not have are left out. */
export function assemble(rules: readonly Rule[], target: Target): Uint8Array {
  const program = new ProgramBuilder();
  const tree = placeTree(program, segmentsOf(rules, target));
  placeGuard(program, { tree, architecture: target.architecture });
  return encodeInstructions(program.instructions);
}
