import { constants } from 'node:os';
import { OPCODES } from './instruction.ts';
import type { Place, ProgramBuilder } from './program-builder.ts';
import type { Action, Condition, Rule } from './rule.ts';

/** Offset in `struct seccomp_data`; an argument's low half comes first. */
const ARGUMENTS_OFFSET = 16;
const ARGUMENT_BYTES = 8;
const ALL_BITS = 0xffff_ffff;

/** SECCOMP_RET_* of linux/seccomp.h. */
export const KILL_PROCESS = 0x8000_0000;
const ALLOW = 0x7fff_0000;
const ERRNO = 0x0005_0000;

type Decision = Pick<Rule, 'action' | 'when'>;

/** What becomes of a call: the first decision whose conditions all hold, the last of which has none. */
export interface Verdict {
  readonly decisions: readonly Decision[];
  /** Verdicts of one meaning are the same, whatever the calls are. */
  readonly meaning: string;
}

function returned(action: Action): number {
  if (action === 'allow') return ALLOW;
  if (action === 'kill') return KILL_PROCESS;
  return action === 'pretend' ? ERRNO : ERRNO | constants.errno[action];
}

function meaningOf(decisions: readonly Decision[]): string {
  return JSON.stringify(decisions.map(({ action, when = [] }) => [action, when]));
}

/** Of the rules for one call; without any, `unruled`. */
export function verdictOf(rules: readonly Rule[], unruled: Action): Verdict {
  const isFinal = ({ when = [] }: Rule): boolean => when.length === 0;
  const last = rules.findIndex(isFinal);
  const otherwise: Decision = { action: rules.length === 0 ? unruled : 'allow' };
  const decisions = last < 0 ? [...rules, otherwise] : rules.slice(0, last + 1);
  return { decisions, meaning: meaningOf(decisions) };
}

function maskOf(condition: Condition): number {
  return (condition.mask ?? ALL_BITS) >>> 0;
}

/** Puts the argument into the accumulator, unless the condition before has left just that there. */
function placeLoad(
  program: ProgramBuilder,
  { next, tested, before }: { next: Place; tested: Condition; before: Condition | undefined },
): Place {
  const mask = maskOf(tested);
  if (before?.argument === tested.argument && maskOf(before) === mask) return next;
  const masked = mask === ALL_BITS ? next : program.before(next, { code: OPCODES.and, k: mask });
  const k = ARGUMENTS_OFFSET + ARGUMENT_BYTES * tested.argument;
  return program.before(masked, { code: OPCODES.load, k });
}

/** Leads to `held` where all conditions hold, else to `next`. */
function placeConditions(
  program: ProgramBuilder,
  { when, held, next }: { when: readonly Condition[]; held: Place; next: Place },
): Place {
  let place = held;
  for (const [index, tested] of [...when.entries()].toReversed()) {
    const ways =
      tested.test === 'equals' ? { ifTrue: place, ifFalse: next } : { ifTrue: next, ifFalse: place };
    const compared = program.branch(OPCODES.ifEqual, { k: tested.value >>> 0, ...ways });
    place = placeLoad(program, { next: compared, tested, before: when[index - 1] });
  }
  return place;
}

function placeDecisions(program: ProgramBuilder, decisions: readonly Decision[]): Place {
  const [{ action, when = [] } = { action: 'allow' } as Decision, ...others] = decisions;
  if (when.length === 0) return program.give(returned(action));
  return program.once(meaningOf(decisions), () => {
    const next = placeDecisions(program, others);
    return placeConditions(program, { when, held: program.give(returned(action)), next });
  });
}

/** The place of the code that gives the verdict. */
export function placeVerdict(program: ProgramBuilder, { decisions }: Verdict): Place {
  return placeDecisions(program, decisions);
}
