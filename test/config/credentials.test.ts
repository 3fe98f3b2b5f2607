import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { encodePolicy } from '../../src/compile/policy.ts';
import { encodeTable } from '../../src/compile/table.ts';
import { printResolution } from '../../src/config/print.ts';
import { renderDiagnostics } from '../../src/config/render-diagnostics.ts';
import type { Capability } from '../../src/model/capability.ts';
import { isRoot } from '../harness/identity.ts';
import { scratch } from '../harness/scratch.ts';
import { fakeHost } from './fake-host.ts';
import { codes, loadText, oneService } from './load-text.ts';

const SECRET = 'hunter2-of-the-database';
const MEBIBYTE = 1_048_576;

function secret(content: string | Uint8Array = SECRET, mode = 0o600): string {
  const path = join(scratch('credential'), 'secret');
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
}

function load(credentials: unknown, attributes: Readonly<Record<string, unknown>> = {}) {
  return loadText(
    oneService({ credentials, ...attributes }),
    fakeHost({ ownerUid: isRoot ? 0 : (process.getuid?.() ?? 0) }),
  );
}

function programOf(credentials: unknown, attributes: Readonly<Record<string, unknown>> = {}) {
  const { config, diagnostics } = load(credentials, attributes);
  return config?.services[0]?.programs[0] ?? expect.fail(renderDiagnostics(diagnostics));
}

/** Of each file that the child writes: where, and what. */
function filesOf(
  credentials: unknown,
  attributes: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, string>> {
  const calls = programOf(credentials, attributes).sandbox?.calls ?? [];
  const writes = calls.filter(({ name }) => name === 'write');
  return Object.fromEntries(
    writes.map(({ args: [path, bytes] }) => [path, Buffer.from(bytes as Uint8Array).toString()]),
  );
}

/** A root of its own, with the program that the service has. */
function jail(): string {
  const root = scratch('jail');
  mkdirSync(join(root, 'bin'));
  writeFileSync(join(root, 'bin/true'), '', { mode: 0o755 });
  return root;
}

describe('credentials', () => {
  test('are a path, a path that may be missing, or a text', () => {
    const missing = join(scratch('credential'), 'none');
    const written = {
      token: secret(),
      'tls.key': { path: secret('key') },
      none: { path: missing, optional: true },
      text: { text: 'ü' },
    };
    expect(filesOf(written)).toEqual({
      '/run/credentials/token': SECRET,
      '/run/credentials/tls.key': 'key',
      '/run/credentials/text': 'ü',
    });
    expect(programOf(written).env).toEqual(['CREDENTIALS_DIRECTORY=/run/credentials']);
  });

  test("are the user's of the handler, in a view of its own, which nobody can write to in the end", () => {
    const { sandbox } = programOf({ token: secret() }, { user: 'ftp', protect_system: 'strict' });
    const steps =
      sandbox?.calls.map(({ name, args }) => [name, ...args.filter((arg) => typeof arg !== 'object')]) ?? [];
    const at = (...step: unknown[]) =>
      steps.findIndex((each) => JSON.stringify(each).startsWith(JSON.stringify(step).slice(0, -1)));
    const order = [
      at('mkdirat', -100, '/run/credentials', 0o700),
      at('mount_setattr', -100, '/', 0x8000),
      at('mount', 'ramfs', '/run/credentials', 'ramfs', 14, 'mode=700'),
      at('write', '/run/credentials/token', SECRET.length, 0o300, 0o400),
      at('fchownat', -100, '/run/credentials/token', 110, 120),
      at('fchownat', -100, '/run/credentials', 110, 120),
      at('mount_setattr', -100, '/run/credentials', 0),
    ];
    expect(order).not.toContain(-1);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    expect((sandbox?.namespaces ?? 0) & 0x0002_0000).toBeGreaterThan(0);
  });

  test('are below the root that the handler has', () => {
    const chroot = jail();
    mkdirSync(join(chroot, 'run'));
    expect(Object.keys(filesOf({ token: { text: 'x' } }, { chroot }))).toEqual([
      `${chroot}/run/credentials/token`,
    ]);
    expect(programOf({ token: { text: 'x' } }, { chroot }).env).toEqual([
      'CREDENTIALS_DIRECTORY=/run/credentials',
    ]);
  });

  test('go to the launch table, and nothing of them to the dispatcher (S40)', () => {
    const { config } = load({ token: secret(), text: { text: `text-${SECRET}` } });
    if (!config) throw new Error('It is not valid');
    const bytes = (made: Uint8Array): string => Buffer.from(made).toString('latin1');
    expect(bytes(encodeTable(config))).toContain(SECRET);
    const policy = encodePolicy(config, { digestKey: 'key', findings: undefined });
    expect(bytes(policy)).not.toContain(SECRET);
    expect(bytes(policy)).not.toContain(Buffer.from(SECRET).toString('hex'));
  });

  test('change the digest of the service when they change, so that a reload is one', () => {
    const path = secret();
    const digest = () => {
      const { config } = load({ token: path });
      return (
        config &&
        Buffer.from(encodePolicy(config, { digestKey: 'key', findings: undefined }))
          .toString('latin1')
          .match(/"digest":"\w+"/)?.[0]
      );
    };
    const first = digest();
    expect(digest()).toBe(first);
    writeFileSync(path, 'changed');
    expect(digest()).not.toBe(first);
  });

  test('are printed as they are written, and load to the same', () => {
    const written = {
      'tls.key': { path: secret(), optional: true },
      text: { text: 'a: b\n' },
      token: secret('x'),
    };
    const { resolved, config } = load(written);
    const printed = loadText(resolved ? printResolution(resolved) : '');
    expect(codes(printed)).toEqual([]);
    expect(printed.config?.services).toEqual(config?.services);
  });

  test('are watched, and so are those that are not there yet', () => {
    const [path, missing] = [secret(), join(scratch('credential'), 'none')];
    const watched = load({ a: path, b: { path: missing, optional: true } }).config?.watched.map(
      (it) => it.path,
    );
    expect(watched).toEqual(expect.arrayContaining([path, missing]));
  });

  test('are in the table once, however many handlers a rule of hosts.allow makes', () => {
    const content = new Uint8Array(MEBIBYTE).fill(0x5a);
    const { config } = load({ big: secret(content) });
    const [service] = config?.services ?? [];
    if (!config || !service) throw new Error('It is not valid');
    const twice = {
      ...service,
      programs: [...service.programs, ...service.programs.map((program) => ({ ...program, umask: 0 }))],
    };
    expect(encodeTable({ ...config, services: [twice] }).length).toBeLessThan(1.1 * MEBIBYTE);
  });

  test('may be 1 MiB each, to the byte', () => {
    expect(codes(load({ big: secret(new Uint8Array(MEBIBYTE)) }))).toEqual([]);
    expect(codes(load({ big: secret(new Uint8Array(MEBIBYTE + 1)) }))).toEqual(['config/too-large']);
  });

  test('may be 16 MiB together, whoever has them', () => {
    const path = secret(new Uint8Array(MEBIBYTE));
    const names = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`c${index}`, path]));
    expect(codes(load(names(16)))).toEqual([]);
    expect(codes(load(names(17)))).toEqual(['config/too-large']);
  });

  test('that others can read are warned of', () => {
    const result = load({ token: secret(SECRET, 0o644) });
    expect([codes(result), result.config === undefined]).toEqual([['config/credential-exposed'], false]);
  });

  test.each([
    ['missing', 'config/unreadable', () => join(scratch('credential'), 'none')],
    ['a directory', 'config/not-a-file', () => scratch('credential')],
    ['writable by others', 'config/untrusted-path', () => secret(SECRET, 0o666)],
    [
      'a link into what others can write to',
      'config/untrusted-path',
      () => {
        const directory = scratch('credential');
        mkdirSync(join(directory, 'open'));
        chmodSync(join(directory, 'open'), 0o777);
        writeFileSync(join(directory, 'open', 'secret'), SECRET);
        symlinkSync('open/secret', join(directory, 'link'));
        return join(directory, 'link');
      },
    ],
  ])(
    'that are %s are an error at their place, optional or not, and show nothing of themselves',
    (what, code, make) => {
      const path = make();
      const result = load({ token: path });
      expect([codes(result), result.config]).toEqual([[code], undefined]);
      expect(result.diagnostics[0]?.span.range).toBeDefined();
      expect(renderDiagnostics(result.diagnostics)).not.toContain(SECRET);
      expect(codes(load({ token: { path, optional: true } }))).toEqual(what === 'missing' ? [] : [code]);
    },
  );

  test.each(['..', '.', 'a/b', '/a', '', 'a b', 'a\0', 'a:b', 'é', 'x'.repeat(256), '~x', '$x'])(
    'cannot be called %j (S111)',
    (name) => {
      expect(load({ [name]: { text: 'x' } }).config).toBeUndefined();
    },
  );

  test.each([
    ...[
      5,
      'relative',
      {},
      { path: '/a', text: 'x' },
      { path: 'a' },
      { text: 'x', optional: true },
      { text: 'x'.repeat(65_537) },
    ],
  ])('cannot be %j', (value) => {
    expect(load({ token: value }).config).toBeUndefined();
  });

  test.each(['CAP_SYS_ADMIN', 'CAP_CHOWN'] as const)('need %s', (lacking: Capability) => {
    const host = fakeHost();
    const capabilities = new Set([...host.capabilities].filter((name) => name !== lacking));
    const result = loadText(oneService({ credentials: { token: { text: 'x' } } }), { ...host, capabilities });
    expect([codes(result), result.config]).toEqual([['config/no-capability'], undefined]);
  });

  test('need a directory that nobody but root makes anything in, below a root of their own as well', () => {
    const chroot = jail();
    const attributes = { chroot };
    expect(codes(load({ token: { text: 'x' } }, attributes))).toEqual(['config/unreadable']);
    mkdirSync(join(chroot, 'run'));
    chmodSync(join(chroot, 'run'), 0o777);
    expect(codes(load({ token: { text: 'x' } }, attributes))).toEqual(['config/untrusted-path']);
  });

  test('are no use to what starts nothing', () => {
    const redirect = {
      listen: 'tcp://127.0.0.1:0',
      redirect: 'tcp://127.0.0.1:7',
      credentials: { a: { text: 'x' } },
    };
    expect(codes(loadText(JSON.stringify({ version: 1, services: { s: redirect } })))).toEqual([
      'config/no-effect',
    ]);
    const text = JSON.stringify({
      version: 1,
      services: { s: { listen: 'tcp://127.0.0.1:0', builtin: 'echo', credentials: { a: { text: 'x' } } } },
    });
    expect(codes(loadText(text))).toEqual(['config/no-effect']);
  });
});
