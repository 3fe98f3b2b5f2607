import { describe, expect, test } from 'vitest';
import type { KernelFacts } from '../../src/model/kernel-facts.ts';
import { NAMESPACE_NAMES } from '../../src/model/namespace.ts';
import { fakeHost } from './fake-host.ts';
import { codes, loadText, oneService } from './load-text.ts';

const BARE: KernelFacts = {
  landlock: 6,
  seccomp: true,
  apparmor: false,
  selinux: false,
  namespaces: NAMESPACE_NAMES,
};
const WHOLE: KernelFacts = { ...BARE, apparmor: true, selinux: true };

function load(attributes: Readonly<Record<string, unknown>>, kernel: KernelFacts = WHOLE) {
  return loadText(oneService(attributes), fakeHost({ kernel }));
}

function callsOf(attributes: Readonly<Record<string, unknown>>, kernel: KernelFacts = WHOLE) {
  const result = load(attributes, kernel);
  if (!result.config) throw new Error(result.diagnostics.map(({ message }) => message).join('\n'));
  return result.config.services[0]?.programs[0]?.sandbox?.calls ?? [];
}

const CONTEXT = 'system_u:system_r:ftpd_t:s0-s0:c0.c1023';

describe('a profile or context', () => {
  test('is what the child writes before all else', () => {
    const calls = callsOf({ apparmor_profile: 'ftpd', selinux_context: CONTEXT, protect_system: 'strict' });
    expect(calls.slice(0, 2)).toEqual([
      {
        name: 'write',
        args: ['/proc/self/attr/apparmor/exec', 'exec ftpd', 9, 0, 0],
        isLate: false,
        isOptional: false,
      },
      {
        name: 'write',
        args: ['/proc/self/attr/exec', CONTEXT, CONTEXT.length, 0, 0],
        isLate: false,
        isOptional: false,
      },
    ]);
  });

  test('may be missing with "-" in front', () => {
    const written = { apparmor_profile: '-ftpd', selinux_context: `-${CONTEXT}` };
    expect(callsOf(written).map(({ args, isOptional }) => [args[1], isOptional])).toEqual([
      ['exec ftpd', true],
      [CONTEXT, true],
    ]);
    for (const required of [false, true]) {
      expect(codes(load({ ...written, required }, BARE))).toEqual([]);
      expect(callsOf({ ...written, required }, BARE)).toEqual([]);
    }
  });

  test.each(['/usr/sbin/in.ftpd', ':space:profile', 'outer//inner', 'a&b', '@{exec}'])(
    'of AppArmor can be %s',
    (name) => {
      expect(callsOf({ apparmor_profile: name })[0]?.args[1]).toBe(`exec ${name}`);
    },
  );

  test.each([
    ...['', '-', '--x', 'a b', 'a\nb', 'a\0b', 'é', 'x'.repeat(1025)].map((text) => ({
      apparmor_profile: text,
    })),
    ...['ftpd_t', 'a:b', '-a:b', ':a:b', 'a:b:c d', 'a:b:c\n', `${CONTEXT}\0`].map((text) => ({
      selinux_context: text,
    })),
  ])('cannot be %j', (attributes) => {
    const result = load(attributes);
    expect([codes(result), result.config]).toEqual([[expect.stringMatching(/^config\//)], undefined]);
  });
});
