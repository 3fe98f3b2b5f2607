import { describe, expect, test } from 'vitest';
import { Digests } from '../../src/compile/digest.ts';
import { serviceDigest } from '../../src/compile/service-digest.ts';
import { encodeTable } from '../../src/compile/table.ts';
import { renderDiagnostics } from '../../src/config/render-diagnostics.ts';
import type { Capability } from '../../src/model/capability.ts';
import { CAPABILITIES } from '../../src/model/capability.ts';
import { fakeHost } from './fake-host.ts';
import { codes, loadText, oneService } from './load-text.ts';

type Attributes = Readonly<Record<string, unknown>>;

const EXECUTE = 1;
const WRITE_FILE = 2;
const REFER = 0x2000;
const TRUNCATE = 0x4000;
/** All of version 3 but executing and reading. */
const TO_WRITE = 0x7fff & ~(EXECUTE | 4 | 8);
const CLONE_NEWNS = 0x0002_0000;
const SYSTEM = ['/usr/bin', '/usr/lib', '/usr/lib64'];

function load(attributes: Attributes, lacking: readonly Capability[] = ['CAP_SYS_ADMIN']) {
  const capabilities = new Set(CAPABILITIES.filter((name) => !lacking.includes(name)));
  return loadText(oneService(attributes), fakeHost({ capabilities }));
}

function sandboxOf(attributes: Attributes, lacking?: readonly Capability[]) {
  const { config, diagnostics } = load(attributes, lacking);
  return config?.services[0]?.programs[0]?.sandbox ?? expect.fail(renderDiagnostics(diagnostics));
}

describe('a zinetd without CAP_SYS_ADMIN', () => {
  test('keeps to "protect_system: strict" and "read_write_paths" by Landlock, with no mount (S33)', () => {
    const { landlock, namespaces, calls } = sandboxOf({
      ...{ protect_system: 'strict', read_write_paths: ['/srv/a'], read_only_paths: ['/etc'] },
      ...{ protect_home: 'read-only' },
    });
    expect([namespaces, calls.map(({ name }) => name)]).toEqual([0, ['prctl']]);
    expect(landlock?.rights).toBe(TO_WRITE);
    const [last, ...devices] = (landlock?.rules ?? []).toReversed();
    expect(last).toEqual({ path: '/srv/a', ofDirectory: TO_WRITE, ofFile: WRITE_FILE | TRUNCATE });
    expect(devices.map(({ path }) => path)).toContain('/dev/null');
    for (const { path, ...rights } of devices) {
      expect(path).toMatch(/^\/dev\/[a-z]+$/);
      expect(rights).toEqual({ ofDirectory: WRITE_FILE, ofFile: WRITE_FILE });
    }
  });

  test('keeps to "exec_paths" by Landlock, and leaves moving between directories as it was', () => {
    const { landlock } = sandboxOf({ server: '/bin/sh', exec_paths: SYSTEM });
    expect(landlock).toEqual({
      rights: EXECUTE | REFER,
      rules: [
        { path: '/', ofDirectory: REFER, ofFile: 0 },
        ...SYSTEM.map((path) => ({ path, ofDirectory: EXECUTE, ofFile: EXECUTE })),
      ],
    });
  });

  test('says that a loader gets past "exec_paths", and refuses where that is not enough', () => {
    const attributes = { server: '/bin/sh', exec_paths: SYSTEM };
    expect(load(attributes).diagnostics).toMatchObject([
      {
        code: 'config/kernel-lacks',
        message:
          'Cannot keep to all of "exec_paths" in service "s": zinetd has no CAP_SYS_ADMIN, and a loader in them can start what is outside',
      },
    ]);
    const refused = load({ ...attributes, required: true });
    expect([codes(refused), refused.config]).toEqual([['config/kernel-too-poor'], undefined]);
    expect(codes(load({ ...attributes, required: true }, []))).toEqual([]);
  });

  test.each([
    [{ protect_system: true }, ['config/no-capability']],
    [{ protect_system: 'full' }, ['config/no-capability']],
    [{ protect_home: true, protect_system: 'strict' }, ['config/no-capability']],
    [{ protect_home: 'read-only' }, ['config/no-capability']],
    [{ read_only_paths: ['/srv'] }, ['config/no-capability']],
    [{ private_tmp: true, protect_system: 'strict' }, ['config/no-capability']],
    [{ private_pids: true }, ['config/no-capability']],
    [{ chroot: '/usr', server: '/bin/sh', protect_system: 'strict' }, ['config/no-capability']],
    [{ chroot: '/usr', server: '/bin/sh', exec_paths: ['/usr'] }, ['config/no-capability']],
  ])('refuses what Landlock cannot say, at its place and once: %j', (attributes, expected) => {
    const refused = load(attributes);
    expect([codes(refused), refused.config]).toEqual([expected, undefined]);
    expect(codes(load(attributes, []))).not.toContain('config/no-capability');
  });

  test('tells whoever asks for a part of the system what it could do instead', () => {
    expect(load({ protect_system: 'full' }).diagnostics).toMatchObject([
      { help: expect.stringContaining('or write "protect_system: strict" and "read_write_paths"') },
    ]);
    for (const hides of [
      { protect_home: true },
      { protect_system: 'full', chroot: '/usr', server: '/bin/sh' },
    ]) {
      expect(load(hides).diagnostics).toMatchObject([
        { help: 'start zinetd as root, or with that capability' },
      ]);
    }
  });

  test('cannot let a handler gain privileges that Landlock keeps from it', () => {
    const conflict = load({ protect_system: 'strict', no_new_privileges: false });
    expect([codes(conflict), conflict.config]).toEqual([['config/conflict'], undefined]);
    expect(codes(load({ protect_system: 'strict', no_new_privileges: false }, []))).toEqual([]);
  });

  test('knows a service by its rules: other paths are another service', () => {
    const digestOf = (path: string) => {
      const { config } = load({ protect_system: 'strict', read_write_paths: [path] });
      const [service] = config?.services ?? [];
      if (!config || !service) return expect.fail();
      expect(Buffer.from(encodeTable(config)).toString('latin1')).toContain(`${path}\0`);
      return serviceDigest(service, { config, digests: new Digests('key') });
    };
    expect(digestOf('/srv/a')).toBe(digestOf('/srv/a'));
    expect(digestOf('/srv/a')).not.toBe(digestOf('/srv/b'));
  });
});

test('a zinetd with CAP_SYS_ADMIN mounts, as it can say all of it that way', () => {
  const sandbox = sandboxOf(
    { server: '/bin/sh', protect_system: 'strict', read_write_paths: ['/srv'], exec_paths: SYSTEM },
    [],
  );
  expect([sandbox.landlock, sandbox.namespaces]).toEqual([undefined, CLONE_NEWNS]);
});
