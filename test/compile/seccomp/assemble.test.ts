import { constants } from 'node:os';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assemble } from '../../../src/compile/seccomp/assemble.ts';
import { dispatcherFilter } from '../../../src/compile/seccomp/dispatcher-filter.ts';
import { dispatcherLockdown, LOCKDOWN_RULES } from '../../../src/compile/seccomp/dispatcher-lockdown.ts';
import { DISPATCHER_RULES } from '../../../src/compile/seccomp/dispatcher-rules.ts';
import type { Action, Condition, Rule } from '../../../src/compile/seccomp/rule.ts';
import type { Architecture } from '../../../src/model/architecture.ts';
import { SYSCALL_NAMES, syscallNumber } from '../../../src/model/syscall-numbers.ts';
import { type CallFacts, decode, interpret } from './bpf-interpreter.ts';

const ARCHITECTURES = ['x64', 'arm64'] as const;
/** AUDIT_ARCH_X86_64, AUDIT_ARCH_AARCH64; and those of i386 and arm, which the same kernels also run. */
const AUDIT = { x64: 0xc000_003e, arm64: 0xc000_00b7 } as const;
const COMPAT = { x64: 0x4000_0003, arm64: 0x4000_0028 } as const;
const KILL_PROCESS = 0x8000_0000;
const ALLOW = 0x7fff_0000;
const ERRNO = 0x0005_0000;

function returned(action: Action): number {
  if (action === 'allow') return ALLOW;
  if (action === 'kill') return KILL_PROCESS;
  return action === 'pretend' ? ERRNO : ERRNO + constants.errno[action];
}

function holds(condition: Condition, call: CallFacts): boolean {
  const low = (call.arguments[condition.argument] ?? 0n) & 0xffff_ffffn;
  const masked = low & BigInt((condition.mask ?? 0xffff_ffff) >>> 0);
  return (masked === BigInt(condition.value >>> 0)) === (condition.test === 'equals');
}

/** The verdict, straight from the list of rules. */
function expected(
  rules: readonly Rule[],
  call: CallFacts & { name: Architecture },
  unruled: Action = 'allow',
): number {
  if (call.architecture !== AUDIT[call.name]) return KILL_PROCESS;
  if (call.name === 'x64' && call.number >= 0x4000_0000) return KILL_PROCESS;
  const own = rules.filter(({ syscall }) => syscallNumber(syscall, call.name) === call.number);
  const rule = own.find(({ when = [] }) => when.every((condition) => holds(condition, call)));
  return returned(rule?.action ?? (own.length === 0 ? unruled : 'allow'));
}

const anyArgument = fc.oneof(
  fc.bigInt({ min: 0n, max: 0xffff_ffff_ffff_ffffn }),
  fc.bigInt({ min: 0n, max: 64n }),
  fc.constantFrom(0x1_0000_5412n, 0x5412n, 0x5421n, 0x1_0000_0004n, 0x1_0000n, 0x1000_0000n, 6n),
);
const anyArguments = fc.array(anyArgument, { minLength: 6, maxLength: 6 });

function anyNumber(name: Architecture): fc.Arbitrary<number> {
  const known = SYSCALL_NAMES.flatMap((syscall) => syscallNumber(syscall, name) ?? []);
  const near = fc.tuple(fc.constantFrom(...known), fc.integer({ min: -1, max: 1 }));
  return fc.oneof(
    { weight: 6, arbitrary: near.map(([number, offset]) => (number + offset) >>> 0) },
    fc.integer({ min: 0, max: 600 }),
    fc.integer({ min: 0, max: 0xffff_ffff }),
  );
}

function anyCall(name: Architecture): fc.Arbitrary<CallFacts & { name: Architecture }> {
  return fc.record({
    name: fc.constant(name),
    number: anyNumber(name),
    architecture: fc.oneof({ weight: 9, arbitrary: fc.constant(AUDIT[name]) }, fc.constant(COMPAT[name])),
    arguments: anyArguments,
  });
}

const anyCondition: fc.Arbitrary<Condition> = fc.record(
  {
    argument: fc.constantFrom(0, 1, 2, 3, 4, 5),
    mask: fc.integer({ min: 0, max: 0xffff_ffff }),
    test: fc.constantFrom('equals', 'differs'),
    value: fc.oneof(fc.integer({ min: 0, max: 8 }), fc.integer({ min: 0, max: 0xffff_ffff })),
  },
  { requiredKeys: ['argument', 'test', 'value'] },
);

const anyAction = fc.constantFrom<Action>('allow', 'EPERM', 'ENOSYS', 'EAFNOSUPPORT', 'kill', 'pretend');

const anyRule: fc.Arbitrary<Rule> = fc.record(
  {
    syscall: fc.constantFrom(...SYSCALL_NAMES),
    action: anyAction,
    when: fc.array(anyCondition, { minLength: 0, maxLength: 3 }),
  },
  { requiredKeys: ['syscall', 'action'] },
);

/** The kernel's own conditions, and ours: forward jumps inside the program, and a return at its end. */
function expectSound(program: Uint8Array): void {
  const instructions = decode(program);
  expect(instructions.length).toBeLessThanOrEqual(4096);
  expect(instructions.at(-1)?.code).toBe(0x06);
  for (const [index, { code, ifTrue, ifFalse, k }] of instructions.entries()) {
    if (code === 0x06) continue;
    const reach = code === 0x05 ? k : Math.max(ifTrue, ifFalse);
    expect(index + 1 + reach).toBeLessThan(instructions.length);
  }
}

describe.each(ARCHITECTURES)('assemble for %s', (name) => {
  it('gives the verdict of the rule list for any rules and any call', () => {
    const anyRules = fc.array(anyRule, { maxLength: 60 });
    const anyCalls = fc.array(anyCall(name), { minLength: 20, maxLength: 40 });
    fc.assert(
      fc.property(anyRules, anyAction, anyCalls, (rules, unruled, calls) => {
        const program = assemble(rules, { architecture: name, unruled });
        expectSound(program);
        for (const call of calls) expect(interpret(program, call)).toBe(expected(rules, call, unruled));
      }),
    );
  });

  it('reaches past 255 instructions', () => {
    // Each call has values of its own: calls that are treated alike become one.
    const rules = SYSCALL_NAMES.slice(0, 150).flatMap((syscall, index): Rule[] =>
      [0, 1, 2].map((offset) => ({
        syscall,
        action: 'EPERM',
        when: [{ argument: 0, test: 'equals', value: index + offset }],
      })),
    );
    const program = assemble(rules, { architecture: name });
    expect(decode(program).some(({ code, k }) => code === 0x05 && k > 255)).toBe(true);
    expectSound(program);
    fc.assert(
      fc.property(anyCall(name), (call) => {
        expect(interpret(program, call)).toBe(expected(rules, call));
      }),
      { numRuns: 2000 },
    );
  });

  it('kills a call by another convention, x32 included', () => {
    const call: CallFacts = { number: 1, architecture: AUDIT[name], arguments: [] };
    const program = assemble([], { architecture: name });
    expect(interpret(program, call)).toBe(ALLOW);
    expect(interpret(program, { ...call, architecture: COMPAT[name] })).toBe(KILL_PROCESS);
    const x32 = interpret(program, { ...call, number: 0x4000_0001 });
    expect(x32).toBe(name === 'x64' ? KILL_PROCESS : ALLOW);
  });

  it.each([
    { title: 'dispatcherFilter', program: dispatcherFilter(name), rules: DISPATCHER_RULES },
    { title: 'dispatcherLockdown', program: dispatcherLockdown(name), rules: LOCKDOWN_RULES },
  ])('makes of $title a sound program that says what its rules say', ({ program, rules }) => {
    expectSound(program);
    fc.assert(
      fc.property(anyCall(name), (call) => {
        expect(interpret(program, call)).toBe(expected(rules, call));
      }),
      { numRuns: 3000 },
    );
  });

  it('compares as few numbers as a balanced tree can', () => {
    const program = dispatcherFilter(name);
    const depths = Array.from({ length: 600 }, (_, number) => {
      let reads = 0;
      const instructions = decode(program);
      const data = { number, architecture: AUDIT[name], arguments: [0n, 0n, 0n, 0n, 0n, 0n] };
      for (let next = 0; instructions[next]?.code !== 0x06; next++) {
        const { code = 0, ifTrue = 0, ifFalse = 0, k = 0 } = instructions[next] ?? {};
        if (code === 0x35) reads++;
        if (code === 0x05) next += k;
        if (code === 0x35) next += data.number >= k ? ifTrue : ifFalse;
        if (code === 0x15) next += k === data.architecture ? ifTrue : ifFalse;
      }
      return reads;
    });
    expect(Math.max(...depths)).toBeLessThanOrEqual(10);
  });
});
