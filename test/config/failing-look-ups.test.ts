import { describe, expect, test } from 'vitest';
import { SyscallError } from '../../src/model/errors.ts';
import { fakeHost } from './fake-host.ts';
import { codes, loadText, oneService } from './load-text.ts';

type Attributes = Readonly<Record<string, unknown>>;

function said(attributes: Attributes, host = fakeHost()): readonly string[] {
  return loadText(oneService(attributes), host).diagnostics.map(({ code, message }) => `${code}: ${message}`);
}

function failing(name: string) {
  return fakeHost({
    [name]: () => {
      throw new SyscallError({ call: 'look up', code: 'EIO', subject: name });
    },
  });
}

describe('a name service that fails', () => {
  test.each<[string, Attributes]>([
    ['findUser', { user: 'ftp' }],
    ['findGroup', { group: 'daemon' }],
    ['groupsOf', { groups: true }],
    ['findPort', { listen: 'tcp://127.0.0.1:finger' }],
    ['findAddresses', { listen: 'tcp://localhost:0' }],
    ['findRpcProgram', { rpc: { program: 'rstatd' } }],
    ['findInterface', { bind_to_device: 'lo' }],
    ['findInterface', { only_from: ['fe80::1%lo'] }],
    ['findNetwork', { only_from: ['office'] }],
    ['findUser', { listen: 'unix:///run/x.sock', user: 65534, socket_user: 'ftp' }],
    ['findGroup', { listen: 'unix:///run/x.sock', socket_group: 'ftp' }],
  ])('(%s) is not one that knows nothing of %j: the service does not load (S25)', (name, attributes) => {
    const { config, diagnostics } = loadText(oneService(attributes), failing(name));
    expect(config).toBeUndefined();
    expect(diagnostics.map(({ code, message }) => [code, message])).toContainEqual([
      ...['config/look-up-failed', `Cannot look up ${name}: EIO`],
    ]);
    expect(codes(loadText(oneService(attributes)))).not.toContain('config/look-up-failed');
  });

  test('is told of where nobody but who starts zinetd could be meant', () => {
    const host = { ...failing('findUserById'), ownerUid: 1000 };
    expect(said({ user: undefined }, host)).toEqual([
      'config/look-up-failed: Cannot look up findUserById: EIO',
    ]);
  });

  test('is a failure of the netgroup that rules ask for', () => {
    const rules = { allow: ['ALL: @group'], deny: [] };
    const told = codes(loadText(oneService({ hosts_access: rules }), failing('findNetgroup')));
    expect(told).toContain('config/look-up-failed');
  });

  test('is a failure of the group of the control socket', () => {
    const control = { read_only: { socket: '/run/x', group: 'ftp' } };
    const text = JSON.stringify({ ...(JSON.parse(oneService({})) as object), control });
    expect(codes(loadText(text, failing('findGroup')))).toContain('config/look-up-failed');
  });

  test('is told from a fault of zinetd, which nobody hides', () => {
    const host = fakeHost({
      findUser: () => {
        throw new TypeError('a slip');
      },
    });
    expect(() => loadText(oneService({}), host)).toThrow('a slip');
  });
});
