import { describe, expect, test } from 'vitest';
import { KERNEL_FEATURES } from '../../src/config/sandbox/kernel-features.ts';
import { startsHandler } from '../../src/config/starts-handler.ts';
import { CAPABILITIES } from '../../src/model/capability.ts';
import type { KernelFacts } from '../../src/model/kernel-facts.ts';
import { NAMESPACE_NAMES, type NamespaceName } from '../../src/model/namespace.ts';
import { fakeHost } from './fake-host.ts';
import { codes, loadText, oneService, places } from './load-text.ts';

type Attributes = Readonly<Record<string, unknown>>;

/** What zinetd may do itself: paths are kept to by mounts, or by Landlock. */
type Own = 'all' | 'nothing';

const WHOLE: KernelFacts = {
  landlock: 6,
  seccomp: true,
  apparmor: true,
  selinux: true,
  namespaces: NAMESPACE_NAMES,
};

function withoutNamespace(name: NamespaceName): KernelFacts {
  return { ...WHOLE, namespaces: NAMESPACE_NAMES.filter((each) => each !== name) };
}

function load(attributes: Attributes, kernel: KernelFacts, own: Own = 'all') {
  const capabilities = new Set(own === 'all' ? CAPABILITIES : []);
  return loadText(oneService(attributes), fakeHost({ kernel, capabilities }));
}

function sandboxOf(attributes: Attributes, kernel: KernelFacts, own: Own = 'all') {
  return load(attributes, kernel, own).config?.services[0]?.programs[0]?.sandbox;
}

/** Of each row, a kernel that lacks it, and a service that asks for it. */
const CASES: readonly (readonly [string, KernelFacts, Attributes, Own])[] = [
  ['scopes of Landlock', { ...WHOLE, landlock: 5 }, { scoped: true }, 'all'],
  ['Landlock for all that changes files', { ...WHOLE, landlock: 2 }, { protect_system: 'strict' }, 'nothing'],
  ['filters of system calls', { ...WHOLE, seccomp: false }, { system_calls: ['~@mount'] }, 'all'],
  ['AppArmor', { ...WHOLE, apparmor: false }, { apparmor_profile: 'fingerd' }, 'all'],
  ['SELinux', { ...WHOLE, selinux: false }, { selinux_context: 'system_u:system_r:ftpd_t' }, 'all'],
  ['namespaces of the kind "mnt"', withoutNamespace('mnt'), { protect_system: 'strict' }, 'all'],
  ['namespaces of the kind "net"', withoutNamespace('net'), { private_network: true }, 'all'],
  ['namespaces of the kind "pid"', withoutNamespace('pid'), { private_pids: true }, 'all'],
  ['namespaces of the kind "ipc"', withoutNamespace('ipc'), { private_ipc: true }, 'all'],
];

describe('what the kernel lacks', () => {
  test('is looked for in each row of the table, one by one', () => {
    expect(CASES.map(([name]) => name)).toEqual(KERNEL_FEATURES.map(({ name }) => name));
    for (const [name, kernel] of CASES) {
      const lacking = KERNEL_FEATURES.filter((feature) => !feature.isThere(kernel)).map((it) => it.name);
      // What was in Landlock before there were scopes.
      expect(lacking.filter((it) => it === name || it !== 'scopes of Landlock')).toEqual([name]);
    }
  });

  test.each(CASES)('is a warning, and the handler runs without: %s', (name, kernel, attributes, own) => {
    const [attribute = ''] = Object.keys(attributes);
    const { config, diagnostics } = load(attributes, kernel, own);
    expect(diagnostics.map(({ code, message }) => [code, message])).toEqual([
      [
        'config/kernel-lacks',
        `Cannot keep to "${attribute}" in service "s": this kernel has no ${name}, and the handler runs without`,
      ],
    ]);
    expect(config?.services[0]?.programs[0]?.sandbox).toBeUndefined();
    expect(sandboxOf(attributes, WHOLE, own)).toBeDefined();
  });

  test.each(CASES)('is an error where it is required: %s', (_, kernel, attributes, own) => {
    const refused = load({ ...attributes, required: true }, kernel, own);
    expect([codes(refused), refused.config]).toEqual([['config/kernel-too-poor'], undefined]);
    expect(codes(load({ ...attributes, required: true }, WHOLE, own))).toEqual([]);
  });

  test('is not missed by the way that a service does not go', () => {
    const strict = { protect_system: 'strict', exec_paths: ['/'], read_write_paths: ['/srv'] };
    expect(codes(load(strict, { ...WHOLE, landlock: 0 }))).toEqual(['config/no-effect']);
    expect(codes(load(strict, withoutNamespace('mnt'), 'nothing'))).toEqual(['config/no-effect']);
    expect(codes(load(strict, { ...WHOLE, landlock: 2 }, 'nothing'))).toEqual([
      ...['config/kernel-lacks', 'config/kernel-lacks', 'config/kernel-lacks'],
    ]);
  });

  test('counts where it is on by default, and not where it is off or nothing is known of the kernel', () => {
    const old: KernelFacts = { ...WHOLE, landlock: 0, seccomp: false, namespaces: [] };
    expect(codes(load({ mode: 'extended' }, old))).toEqual(['config/kernel-lacks']);
    expect(codes(load({ mode: 'extended', scoped: false }, old))).toEqual([]);
    expect(codes(load({}, old))).toEqual([]);
    expect(codes(loadText(oneService({ mode: 'extended', required: true })))).toEqual([]);
  });

  test('can be required in the defaults, and is told at the setting that asks for it', () => {
    const services = {
      s: { listen: 'tcp://127.0.0.1:0', server: '/bin/true', user: 'nobody', private_ipc: true },
      t: {
        listen: 'tcp://127.0.0.1:0',
        server: '/bin/true',
        user: 'nobody',
        private_ipc: true,
        required: false,
      },
    };
    const text = JSON.stringify({ version: 1, defaults: { required: true }, services }, null, 1);
    expect(places(loadText(text, fakeHost({ kernel: withoutNamespace('ipc') })))).toEqual([
      '11:19 config/kernel-too-poor',
      '17:19 config/kernel-lacks',
    ]);
  });

  test('leaves what hangs on it, and says each thing once', () => {
    const kernel = { ...WHOLE, seccomp: false };
    const own = { system_calls: ['~@mount'], system_call_error: 'EACCES', lock_personality: true };
    expect(codes(load(own, kernel))).toEqual(['config/kernel-lacks', 'config/kernel-lacks']);
    const dynamic = load({ user: undefined, dynamic_user: true }, kernel);
    expect(dynamic.diagnostics.map(({ message }) => message)).toEqual([
      'Cannot keep to "dynamic_user" in service "s": this kernel has no filters of system calls, and the handler runs without',
    ]);
    const pids = { ...WHOLE, namespaces: [] };
    expect(codes(load({ private_pids: true }, pids))).toEqual(['config/kernel-lacks']);
    expect(codes(load({ private_pids: true, private_tmp: true }, pids))).toEqual([
      'config/kernel-lacks',
      'config/kernel-lacks',
    ]);
  });

  test('is nothing to a service that starts no handler', () => {
    const { resolved, diagnostics } = loadText(
      JSON.stringify({
        version: 1,
        defaults: { mode: 'extended', required: true },
        services: { echo: { listen: 'tcp://127.0.0.1:0', builtin: 'echo' } },
      }),
      fakeHost({ kernel: { ...WHOLE, landlock: 0 } }),
    );
    expect(diagnostics).toEqual([]);
    expect(resolved?.services.map(({ settings }) => startsHandler(settings))).toEqual([false]);
  });
});
