import { expect, test, vi } from 'vitest';
import { encodeInstructions, instruction } from '../../src/compile/seccomp/instruction.ts';
import { machineArchitecture } from '../../src/compile/seccomp/machine-architecture.ts';
import { encodeTable } from '../../src/compile/table.ts';
import type { Sandbox } from '../../src/model/sandbox.ts';
import type { Service } from '../../src/model/service.ts';
import { configOf, plain } from './example.ts';

const BARE: Sandbox = {
  ...{ namespaces: 0, isBare: true, isScoped: false, calls: [], landlock: undefined },
  filter: {
    ...{ denied: [{ name: 'ptrace', denial: 'kill' }], nameless: 'allow', families: undefined },
    ...{ deniedNamespaces: [], restrictions: [] },
  },
};

function sandboxed(name: string, sandbox: Sandbox): Service {
  return { ...plain, name, programs: plain.programs.map((program) => ({ ...program, sandbox })) };
}

/** Offset and number of instructions of the filter of each form of a service. */
function filters(services: readonly Service[]): readonly (readonly [number, number])[] {
  const view = new DataView(encodeTable(configOf(services)).buffer);
  const first = view.getUint32(32, true);
  return services.map((_, index) => {
    const at = first + index * 104 + 68 + 12;
    return [view.getUint32(at, true), view.getUint32(at + 4, true)];
  });
}

test('services that are kept from the same calls have one filter, others one of their own, or none', () => {
  const other: Sandbox = { ...BARE, filter: BARE.filter && { ...BARE.filter, nameless: 'ENOSYS' } };
  const [one, same, own, none] = filters([
    sandboxed('a', BARE),
    sandboxed('b', structuredClone(BARE)),
    sandboxed('c', other),
    sandboxed('d', { ...BARE, filter: undefined }),
  ]);
  expect(one?.[1]).toBeGreaterThan(3);
  expect(same).toEqual(one);
  expect(own).not.toEqual(one);
  expect(none?.[1]).toBe(0);
});

test('a filter that the kernel would not take is a bug that is loud', () => {
  const one = instruction(6, 0);
  expect(encodeInstructions([one, one])).toHaveLength(16);
  expect(() => encodeInstructions(new Array(4097).fill(one))).toThrow('4097 instructions');
  const far = instruction(0x15, 1, { ifTrue: 256, ifFalse: 0 });
  expect(() => encodeInstructions([far])).toThrow('jump too long');
});

test.each([
  ['x64', 'x64'],
  ['arm64', 'arm64'],
  ['ia32', undefined],
])('system calls are filtered by the numbers of %s, or not at all', (arch, known) => {
  vi.stubGlobal('process', { arch });
  try {
    if (known) expect(machineArchitecture()).toBe(known);
    else expect(() => machineArchitecture()).toThrow('Cannot filter system calls on "ia32"');
  } finally {
    vi.unstubAllGlobals();
  }
});
