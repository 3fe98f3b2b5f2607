import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { auditFacts } from '../../src/audit/audit-facts.ts';
import { AUDIT_CHECKS, type Audit, auditService } from '../../src/audit/audit-service.ts';
import type { Host } from '../../src/config/host.ts';
import { NAMESPACE_NAMES } from '../../src/model/namespace.ts';
import { fakeHost } from '../config/fake-host.ts';
import { loadText } from '../config/load-text.ts';
import { scratch } from '../harness/scratch.ts';

type Attributes = Readonly<Record<string, unknown>>;

const base = { listen: 'tcp://0.0.0.0:7000', server: '/bin/true', user: 'nobody' };

function auditsOf(
  services: Readonly<Record<string, Attributes>>,
  host: Host = fakeHost(),
): readonly (Audit | undefined)[] {
  const { resolved, diagnostics } = loadText(JSON.stringify({ version: 1, services }), host);
  if (!resolved) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  return resolved.services.map((each) => {
    const facts = auditFacts(each, resolved.services);
    return facts && auditService(facts);
  });
}

function audit(attributes: Attributes): Audit {
  const [found] = auditsOf({ s: { ...base, ...attributes } });
  if (!found) throw new Error('There is no audit');
  return found;
}

function findingOf(attributes: Attributes, setting: string) {
  return audit(attributes).findings.find((each) => each.setting === setting);
}

const secrets = join(scratch('audit'), 'env');
writeFileSync(secrets, 'PASSWORD=x\n');

/** The worst that can be written. */
const OPEN: Attributes = { user: 'root', umask: '000', env_file: secrets };

/** As somebody would write it, who also takes away what it stands instead of. */
function advised(attributes: Attributes, advice: string): Attributes {
  const written = parse(advice) as Attributes;
  const instead = {
    ...('dynamic_user' in written ? { user: undefined } : {}),
    ...('credentials' in written ? { env_file: undefined } : {}),
  };
  return { ...attributes, ...instead, ...written };
}

test('who runs as root with nothing against it is exposed as much as can be', () => {
  const { exposure, level } = audit(OPEN);
  expect([exposure.toFixed(6), level]).toEqual(['10.000000', 'unsafe']);
});

test.each(AUDIT_CHECKS.map(({ attribute, advice }) => ({ attribute, advice })))(
  'what is advised for $attribute can be written, and makes its part of the exposure smaller',
  ({ attribute, advice }) => {
    const before = audit(OPEN);
    const after = audit(advised(OPEN, advice));
    const addsOf = ({ findings }: Audit) => findings.find(({ setting }) => setting === attribute)?.adds ?? 0;
    expect(before.findings.find(({ setting }) => setting === attribute)?.write).toBe(advice);
    expect(addsOf(after)).toBeLessThan(addsOf(before));
    expect(after.exposure).toBeLessThan(before.exposure);
  },
);

test('a scope that is off since privileges may be gained counts as off', () => {
  const open = { mode: 'extended', no_new_privileges: false };
  expect(findingOf(open, 'scoped')).toMatchObject({ says: 'it can signal those of its user' });
  expect(findingOf({ mode: 'extended' }, 'scoped')).toMatchObject({ adds: 0 });
  expect(findingOf({ scoped: true }, 'no_new_privileges')).toMatchObject({ adds: 0 });
});

test('who writes all that is advised is not exposed, and is advised nothing more', () => {
  const all = AUDIT_CHECKS.reduce((attributes, { advice }) => advised(attributes, advice), OPEN);
  const { exposure, level, findings } = audit(all);
  expect({ exposure, level }).toEqual({ exposure: 0, level: 'safe' });
  expect(findings.flatMap(({ write }) => write ?? [])).toEqual([]);
});

test('what Landlock keeps from a handler is less than what a mount does, and said so', () => {
  const own = { protect_system: 'strict', exec_paths: ['/usr'] };
  const [audited] = auditsOf({ s: { ...base, ...own } }, fakeHost({ capabilities: new Set() }));
  const saysOf = (name: string) => audited?.findings.find(({ setting }) => setting === name)?.says;
  expect(saysOf('protect_system')).toBe('everything is read-only but for modes and owners of files');
  expect(saysOf('exec_paths')).toBe('it executes what is in a list of paths, or what their loader starts');
  expect(findingOf(own, 'protect_system')).toMatchObject({ adds: 0, says: 'everything is read-only' });
});

test('"mode: extended" is exposed less than the same service in "mode: inetd"', () => {
  expect(audit({ mode: 'extended' }).exposure).toBeLessThan(audit({ mode: 'inetd' }).exposure - 1);
});

test('what adds most comes first', () => {
  const adds = audit({ mode: 'extended' }).findings.map((finding) => finding.adds);
  expect(adds).toEqual(adds.toSorted((a, b) => b - a));
});

describe('the findings', () => {
  test.each([
    { attributes: { user: 'root' }, setting: 'user', says: 'it runs as root' },
    { attributes: {}, setting: 'user', says: 'it runs as nobody, as other programs do' },
    { attributes: { user: 'ftp' }, setting: 'user', says: 'it has a user of its own' },
    { attributes: { user: 'root' }, setting: 'capabilities', says: 'it has all of root' },
    {
      attributes: { capabilities: ['CAP_SYS_ADMIN'] },
      setting: 'capabilities',
      says: 'it has CAP_SYS_ADMIN, which leads to others',
    },
    {
      attributes: { lock_personality: true },
      setting: 'capabilities',
      says: 'it has none, and no way to any',
    },
    { attributes: {}, setting: 'only_from', says: 'everybody may come' },
    { attributes: { only_from: ['10.0.0.0/8'] }, setting: 'only_from', says: 'those of a list may come' },
    {
      attributes: { listen: 'tcp://127.0.0.1:0' },
      setting: 'only_from',
      says: 'only this machine reaches it',
    },
    {
      attributes: { listen: ['tcp://127.0.0.1:0', 'tcp://192.0.2.1:7000'] },
      setting: 'only_from',
      says: 'everybody may come',
    },
    {
      attributes: { protect_system: 'full' },
      setting: 'protect_system',
      says: '/usr, /boot and /etc are read-only',
    },
    {
      attributes: { system_calls: ['@system-service'] },
      setting: 'system_calls',
      says: 'calls of @privileged, @resources are allowed',
    },
    {
      attributes: { system_calls: ['~@mount'] },
      setting: 'system_calls',
      says: 'calls of @clock, @cpu-emulation and 8 more are allowed',
    },
    {
      attributes: { restrict_namespaces: ['user'] },
      setting: 'restrict_namespaces',
      says: 'it can be root in a namespace',
    },
    {
      attributes: { exec_paths: ['/usr'] },
      setting: 'exec_paths',
      says: 'it executes what is in a list of paths',
    },
    { attributes: { exec_paths: ['/'] }, setting: 'exec_paths', says: 'it can execute what it has written' },
    {
      attributes: { selinux_context: 'u:r:t' },
      setting: 'apparmor_profile',
      says: 'a policy of the machine confines it',
    },
    {
      attributes: { env_file: secrets },
      setting: 'credentials',
      says: 'what its env_file has is in the environment of all that it starts',
    },
    {
      attributes: { credentials: { a: { text: 'x' } } },
      setting: 'credentials',
      says: 'its credentials are its own',
    },
    { attributes: { rlimits: { as: '1g' } }, setting: 'rlimits', says: 'its processes have no limit' },
  ])('$attributes: $says', ({ attributes, setting, says }) => {
    expect(findingOf(attributes, setting)?.says).toBe(says);
  });

  test('of two services with one user, each names the other', () => {
    const [one, two] = auditsOf({
      one: { ...base, user: 'ftp' },
      two: { ...base, user: 'ftp', listen: 'tcp://0.0.0.0:7001' },
    });
    const says = [one, two].map((each) => each?.findings.find(({ setting }) => setting === 'user')?.says);
    expect(says).toEqual(['it runs as the same user as "two"', 'it runs as the same user as "one"']);
  });
});

test('of two services with one user, each can reach the credentials of the other', () => {
  const one = { ...base, user: 'ftp', credentials: { a: { text: 'x' } } };
  const [found] = auditsOf({ one, two: { ...base, user: 'ftp', listen: 'tcp://0.0.0.0:7001' } });
  const says = found?.findings.find(({ setting }) => setting === 'credentials')?.says;
  expect(says).toBe('handlers of "two" can reach its credentials');
});

test('a kernel without AppArmor and SELinux confines nobody', () => {
  const kernel = { landlock: 6, seccomp: true, apparmor: false, selinux: false, namespaces: NAMESPACE_NAMES };
  const { resolved } = loadText(
    JSON.stringify({ version: 1, services: { s: { ...base, apparmor_profile: 'x' } } }),
    fakeHost({ kernel }),
  );
  const [service] = resolved?.services ?? [];
  const facts = service && auditFacts(service, [service]);
  const found = facts && auditService(facts).findings.find(({ setting }) => setting === 'apparmor_profile');
  expect(found?.says).toBe('no policy of AppArmor or SELinux is asked to confine it');
});

test('a service that zinetd gives itself has no audit', () => {
  const builtin = { listen: 'tcp://0.0.0.0:7000', builtin: 'time' };
  const decide = { program: ['/bin/true'], user: 'nobody' };
  const sensor = { listen: 'tcp://0.0.0.0:7001', sensor: true, decide };
  expect(auditsOf({ builtin, sensor })).toEqual([undefined, undefined]);
});
