import { describe, expect, test } from 'vitest';
import { fakeHost } from './fake-host.ts';
import { loadText, oneService } from './load-text.ts';

type Attributes = Readonly<Record<string, unknown>>;

function said(attributes: Attributes, host = fakeHost()): readonly string[] {
  return loadText(oneService(attributes), host).diagnostics.map(({ code, message }) => `${code}: ${message}`);
}

describe('a value of the right type that says nothing', () => {
  test.each<[Attributes, string]>([
    [{ receive_buffer: 'much' }, 'must be a number of bytes or a size such as "64k", up to 1g'],
    [{ send_buffer: '2g' }, 'must be a number of bytes or a size such as "64k", up to 1g'],
    [{ defer_accept: 'soon' }, 'must be a duration of whole seconds from "1s" to "600s"'],
    [{ defer_accept: '1500ms' }, 'must be a duration of whole seconds from "1s" to "600s"'],
    [{ keepalive: { idle: 'often' } }, 'must be'],
    [{ log_type: { file: '/var/log/x', hard: 'much' } }, 'must be a number of bytes or a size such as "10m"'],
    [{ log_type: { file: '/var/log/x', hard: 'unlimited' } }, 'must be a number of bytes or a size'],
    [{ log_format: { template: '{tmie}' } }, 'there is no field "tmie"'],
    [{ log_format: { template: '{zzzzzzzz}' } }, 'there is no field "zzzzzzzz"'],
    [{ log_format: { template: 'a }' } }, '"}" stands alone'],
    [{ log_format: { template: 'a\nb' } }, 'a record is one line'],
    [{ rlimits: { cpu: -1 } }, 'must be'],
    [{ rlimits: { cpu: 1.5 } }, 'must be'],
    [{ listen: 'tcp6://[::g]:0' }, 'the IPv6 address is not one'],
    [{ listen: 'tcp://1.2.3:0' }, 'not'],
    [{ listen: 'vsock://3' }, 'must be written as vsock://CID:PORT, numbers, or "any" for the CID'],
    [{ listen: 'vsock://any:x' }, 'must be written as vsock://CID:PORT, numbers, or "any" for the CID'],
    [{ enabled: 'off' }, 'must be'],
  ])('%j is refused, with what it must be', (attributes, reason) => {
    const [first = ''] = said(attributes);
    expect(first).toMatch(/^config\/(invalid-value|wrong-type|invalid-listen)/);
    expect(first).toContain(reason);
  });

  test.each([
    ['yes', 'write true'],
    ['off', 'write false'],
    ['perhaps', undefined],
  ])('enabled: %s is no truth value, with the advice: %s', (enabled, help) => {
    expect(loadText(oneService({ enabled })).diagnostics[0]?.help).toBe(help);
  });
});

describe('settings that do not go together', () => {
  test('id_only asks who is at the other end of TCP, and only where zinetd accepts', () => {
    expect(said({ id_only: true })).toEqual([]);
    expect(said({ id_only: true, listen: 'unix://@x' })).toEqual([
      'config/conflict: Cannot use "id_only" in service "s": nobody can be asked who is at the other end of "unix://"',
    ]);
    expect(said({ id_only: true, wait: true })).toContain(
      'config/conflict: Cannot use "id_only" in service "s": with "wait" its handler accepts, and nobody knows the client before',
    );
  });

  test('decide asks a socket or a program, and only a program has a user', () => {
    const conflict = 'config/conflict: Cannot use "decide" in service "s": ';
    const decide = (written: Attributes) => said({ decide: written });
    expect(decide({})).toEqual([`${conflict}write either "socket" or "program"`]);
    expect(decide({ socket: '/run/x', program: ['/bin/true'] })).toEqual([
      `${conflict}write either "socket" or "program"`,
    ]);
    expect(decide({ socket: '/run/x', user: 'ftp' })).toEqual([`${conflict}a socket has no user`]);
    expect(decide({ program: ['true'] })[0]).toContain('must be an absolute path');
    expect(decide({ program: ['/bin/true'], user: 'ftp' })).toEqual([]);
  });

  test('a dynamic user is nobody who is written, and there may be none left', () => {
    expect(said({ dynamic_user: true })).toEqual([
      'config/conflict: Cannot use "dynamic_user" in service "s": it has a "user", too',
    ]);
    const host = fakeHost({ findUserById: (uid) => ({ name: `u${uid}`, uid, gid: uid }) });
    expect(said({ user: undefined, dynamic_user: true }, host)).toEqual([
      'config/conflict: Cannot find a uid for service "s": all from 61184 to 65519 are taken',
    ]);
  });

  test('root that cannot become another runs no dynamic user as itself (S24)', () => {
    expect(said({ user: undefined, dynamic_user: true }, fakeHost({ isPowerless: true }))).toEqual([
      'config/powerless-root: Cannot run service "s" as another user: zinetd is root without CAP_SETUID and CAP_SETGID',
    ]);
  });
});
