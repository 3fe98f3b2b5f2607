import { describe, expect, test } from 'vitest';
import { printResolution } from '../../src/config/print.ts';
import { callsOf } from '../../src/model/calls-of.ts';
import type { HandlerFilter } from '../../src/model/handler-filter.ts';
import { NAMESPACE_NAMES } from '../../src/model/namespace.ts';
import { SYSCALL_NAMES } from '../../src/model/syscall-numbers.ts';
import { codes, loadService, loadText, oneService } from './load-text.ts';

type Attributes = Readonly<Record<string, unknown>>;

const IO_URING = ['io_uring_setup', 'io_uring_enter', 'io_uring_register'];

function filterOf(attributes: Attributes): HandlerFilter {
  const filter = loadService(attributes).programs[0]?.sandbox?.filter;
  if (!filter) throw new Error('There is no filter');
  return filter;
}

/** What each denied call ends with, by name. */
function denialsOf(attributes: Attributes): ReadonlyMap<string, string> {
  return new Map(filterOf(attributes).denied.map(({ name, denial }) => [name, denial]));
}

function allowedBy(attributes: Attributes): readonly string[] {
  const denials = denialsOf(attributes);
  return SYSCALL_NAMES.filter((name) => !denials.has(name)).toSorted();
}

function messages(attributes: Attributes): readonly string[] {
  return loadText(oneService(attributes)).diagnostics.map(
    ({ message, help }) => message + (help === undefined ? '' : ` | ${help}`),
  );
}

test('where nothing is said of system calls there is no filter, in either mode', () => {
  expect(loadService({}).programs[0]?.sandbox?.filter).toBeUndefined();
  expect(loadService({ mode: 'extended' }).programs[0]?.sandbox?.filter).toBeUndefined();
  const off = { restrict_namespaces: false, lock_personality: false, restrict_suid_sgid: false };
  expect(loadService(off).programs[0]?.sandbox?.filter).toBeUndefined();
});

test('a filter works for whoever may gain no privileges only, and brings that with it', () => {
  const calls = loadService({ lock_personality: true }).programs[0]?.sandbox?.calls ?? [];
  expect(calls.map(({ name, args }) => [name, args[0], args[1]])).toEqual([['prctl', 38, 1]]);
  expect(messages({ lock_personality: true, no_new_privileges: false })).toEqual([
    'Cannot switch off "no_new_privileges" in service "s": its system calls are restricted',
  ]);
});

describe('system_calls', () => {
  test('a list of names allows these, what every program needs, and nothing else', () => {
    const expected = [...callsOf('@default'), 'read', 'write'].toSorted();
    expect(allowedBy({ system_calls: ['read', 'write'] })).toEqual(expected);
    expect(filterOf({ system_calls: ['read'] }).nameless).toBe('ENOSYS');
  });

  test('a group stands for its calls and those of the groups in it, without io_uring (S38)', () => {
    const members = callsOf('@system-service').filter((name) => !IO_URING.includes(name));
    expect(members.length).toBeGreaterThan(280);
    expect(members).toEqual(expect.arrayContaining(['read', 'chown', 'setuid', 'timer_create', 'ioctl']));
    expect(allowedBy({ system_calls: ['@system-service'] })).toEqual(members.toSorted());
  });

  test('io_uring is denied by each filter until it is allowed by its own name (S38)', () => {
    for (const attributes of [{ lock_personality: true }, { system_calls: ['~@mount'] }]) {
      const denials = denialsOf(attributes);
      expect(IO_URING.map((name) => denials.get(name))).toEqual(['EPERM', 'EPERM', 'EPERM']);
    }
    expect(allowedBy({ system_calls: ['@system-service', ...IO_URING] })).toEqual(
      expect.arrayContaining(IO_URING),
    );
    expect(
      messages({ system_calls: ['@aio', 'io_uring_setup'], restrict_address_families: ['AF_INET'] }),
    ).toEqual([
      'Cannot allow io_uring in service "s": it does what "restrict_address_families" denies, unseen by any filter',
    ]);
  });

  test('what begins with "~" is denied, and the rest allowed', () => {
    const denials = denialsOf({ system_calls: ['~@mount', '~ptrace'] });
    expect([...denials.keys()].toSorted()).toEqual([...callsOf('@mount'), 'ptrace', ...IO_URING].toSorted());
    expect(filterOf({ system_calls: ['~@mount'] }).nameless).toBe('allow');
  });

  test('entries count in turn: what an earlier one allows or denies a later one can change', () => {
    const allowed = allowedBy({ system_calls: ['@system-service', '~@privileged', 'chown'] });
    expect(allowed).toContain('chown');
    expect(allowed).not.toContain('fchown');
    expect(allowed).not.toContain('setuid');
    const denials = denialsOf({ system_calls: ['~@privileged', '@chown'] });
    expect(denials.has('chown')).toBe(false);
    expect(denials.get('reboot')).toBe('EPERM');
  });

  test('what is denied ends with EPERM, with "system_call_error", or with what its entry says', () => {
    const system_calls = ['~@mount', '~@debug:EACCES', '~ptrace:kill'];
    const of = (attributes: Attributes) => {
      const denials = denialsOf(attributes);
      return ['mount', 'perf_event_open', 'ptrace'].map((name) => denials.get(name));
    };
    expect(of({ system_calls })).toEqual(['EPERM', 'EACCES', 'kill']);
    expect(of({ system_calls, system_call_error: 'ENOENT' })).toEqual(['ENOENT', 'EACCES', 'kill']);
    expect(of({ system_calls: ['read', '~ptrace:ENOSYS'], system_call_error: 'kill' })).toEqual([
      ...['kill', 'kill', 'ENOSYS'],
    ]);
  });

  test.each([
    {
      list: ['fork', 'opnat'],
      says: 'Cannot use "opnat" for "system_calls" in service "s": neither x86-64 nor aarch64 has a system call of this name | did you mean "openat"?',
    },
    {
      list: ['@system-services'],
      says: 'Cannot use "@system-services" for "system_calls" in service "s": no such group of system calls | did you mean "@system-service"?',
    },
    {
      list: ['~ptrace:EPERMM'],
      says: 'Cannot use "~ptrace:EPERMM" for "system_calls" in service "s": "EPERMM" is no error of errno(3), nor "kill" | did you mean "EPERM"?',
    },
    {
      list: ['read:EPERM'],
      says: 'Cannot use "read:EPERM" for "system_calls" in service "s": an error goes with what is denied | write "~read:EPERM"',
    },
    {
      list: ['~@mount', '@reboot'],
      says: 'Cannot allow "@reboot" in service "s": "system_calls" begins with "~", so that only what it denies can be allowed again | write "~@reboot" to deny it',
    },
    {
      list: ['~@default'],
      says: 'Cannot deny "execve" in service "s": the handler is started by it',
    },
    {
      list: [],
      says: 'Cannot use a list for "system_calls" in service "s": must name at least one; "@default" is what every program needs',
    },
  ])('$list is refused with what to write', ({ list, says }) => {
    expect(messages({ system_calls: list })).toEqual([says]);
  });

  test('names of 32 bits, which no kernel of ours has, are refused rather than skipped', () => {
    expect(codes(loadText(oneService({ system_calls: ['read', 'mmap2', 'setuid32'] })))).toEqual([
      ...['config/invalid-value', 'config/invalid-value'],
    ]);
  });

  test('"system_call_error" has to be an error, and to belong to a list', () => {
    expect(messages({ system_calls: ['read'], system_call_error: 'KILL' })).toEqual([
      'Cannot use "KILL" for "system_call_error" in service "s": "KILL" is no error of errno(3), nor "kill" | did you mean "kill"?',
    ]);
    expect(messages({ system_call_error: 'EPERM' })).toEqual([
      'Cannot use "system_call_error" in service "s": it belongs to "system_calls"',
    ]);
    const document = { ...JSON.parse(oneService({})), defaults: { system_call_error: 'kill' } };
    expect(codes(loadText(JSON.stringify(document)))).toEqual([]);
  });
});

describe('restrictions', () => {
  test('address families are a list to allow, or with "~" one to deny, and "none" is none', () => {
    const of = (restrict_address_families: unknown) => filterOf({ restrict_address_families }).families;
    expect(of(['AF_INET', 'AF_INET6', 'AF_UNIX', 'AF_LOCAL'])).toEqual({
      kind: 'allow',
      families: [2, 10, 1],
    });
    expect(of(['~AF_PACKET', '~AF_NETLINK'])).toEqual({ kind: 'deny', families: [17, 16] });
    expect(of('none')).toEqual({ kind: 'allow', families: [] });
    expect(messages({ restrict_address_families: ['AF_INETT6'] })).toEqual([
      'Cannot use "AF_INETT6" for "restrict_address_families" in service "s": no such address family | did you mean "AF_INET6"?',
    ]);
    expect(messages({ restrict_address_families: ['AF_INET', '~AF_INET6'] })).toEqual([
      'Cannot use a list for "restrict_address_families" in service "s": must be "none", or a list of address families, all of them with "~" or none',
    ]);
    expect(codes(loadText(oneService({ restrict_address_families: [] })))).toEqual(['config/invalid-value']);
  });

  test('namespaces are denied all, or all but those of a list', () => {
    const of = (restrict_namespaces: unknown) => filterOf({ restrict_namespaces }).deniedNamespaces;
    expect(of(true)).toEqual(NAMESPACE_NAMES);
    expect(of(['net', 'user'])).toEqual(['cgroup', 'ipc', 'mnt', 'pid', 'time', 'uts']);
    expect(codes(loadText(oneService({ restrict_namespaces: ['network'] })))).toEqual([
      'config/invalid-value',
    ]);
  });

  test('a switch that is on is a restriction', () => {
    const names = [
      'lock_personality',
      'memory_deny_write_execute',
      'restrict_realtime',
      'restrict_suid_sgid',
    ];
    for (const name of names) expect(filterOf({ [name]: true }).restrictions).toEqual([name]);
    expect(codes(loadText(oneService({ lock_personality: 'yes' })))).toEqual(['config/wrong-type']);
  });

  test('a dynamic user leaves no setuid files behind unless that is written (S35)', () => {
    const dynamic = { user: undefined, dynamic_user: true };
    expect(filterOf(dynamic).restrictions).toEqual(['restrict_suid_sgid']);
    const lax = loadService({ ...dynamic, restrict_suid_sgid: false });
    expect(lax.programs[0]?.sandbox?.filter).toBeUndefined();
  });
});

test.each([
  { builtin: 'time', server: undefined },
  { redirect: 'tcp://127.0.0.1:1', server: undefined },
  { sensor: true, server: undefined },
])('what keeps a handler from something has no effect where there is none: %j', (kind) => {
  const written = { ...kind, user: undefined, system_calls: ['read'], private_tmp: true };
  expect(codes(loadText(oneService(written)))).toEqual(['config/no-effect', 'config/no-effect']);
  const document = {
    ...JSON.parse(oneService({ ...kind, user: undefined })),
    defaults: { lock_personality: true },
  };
  expect(codes(loadText(JSON.stringify(document)))).toEqual([]);
});

test('what "check --print" prints means the same', () => {
  const attributes = {
    system_calls: ['@system-service', '~@privileged:EACCES', 'chown'],
    system_call_error: 'ENOENT',
    restrict_address_families: ['AF_INET', 'AF_UNIX'],
    restrict_namespaces: ['net'],
    lock_personality: true,
    memory_deny_write_execute: true,
    restrict_realtime: true,
    restrict_suid_sgid: false,
  };
  const { config, resolved } = loadText(oneService(attributes));
  const again = loadText(resolved ? printResolution(resolved) : '');
  expect(again.config?.services[0]?.programs[0]?.sandbox).toEqual(config?.services[0]?.programs[0]?.sandbox);
  expect(codes(again)).toEqual([]);
});
