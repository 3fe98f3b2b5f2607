import { describe, expect, test } from 'vitest';
import { policyOf } from '../../src/compile/policy.ts';
import { SyscallError } from '../../src/model/errors.ts';
import { fakeHost } from './fake-host.ts';
import { codes, loadService, loadText, oneService, places } from './load-text.ts';

function rpcOf(rpc: unknown, attributes: object = {}) {
  return loadService({ rpc, ...attributes }).rpc;
}

function codesOf(attributes: Readonly<Record<string, unknown>>): readonly string[] {
  return codes(loadText(oneService({ rpc: { program: 7 }, ...attributes })));
}

/** The transports of each listener, as the dispatcher learns of them. */
function netidsOf(attributes: Readonly<Record<string, unknown>>) {
  const { config } = loadText(oneService({ rpc: { program: 7 }, ...attributes }));
  return config && policyOf(config).services[0]?.rpc?.netids;
}

describe('a service of RPC', () => {
  test('has its program by number or by name of rpc(5)', () => {
    expect(rpcOf({ program: 'rstatd' })).toEqual({ program: 100_001, low: 1, high: 1 });
    expect(rpcOf({ program: 0 })).toEqual({ program: 0, low: 1, high: 1 });
    expect(rpcOf({ program: 0xffff_ffff })).toEqual({ program: 0xffff_ffff, low: 1, high: 1 });
  });

  test.each([
    [3, 3, 3],
    [0, 0, 0],
    ['2', 2, 2],
    ['1-5', 1, 5],
    ['0-63', 0, 63],
    ['4294967295', 0xffff_ffff, 0xffff_ffff],
  ])('has versions %j', (versions, low, high) => {
    expect(rpcOf({ program: 7, versions })).toEqual({ program: 7, low, high });
  });

  test.each(['', '5-1', '1-', '-1', '01', '1-02', '1 - 5', '1,2', 'a', '0-64', '4294967296', -1, 1.5, true])(
    'is refused with versions %j',
    (versions) => {
      expect(codesOf({ rpc: { program: 7, versions } })).toEqual([
        versions === true || versions === 1.5 ? 'config/wrong-type' : 'config/invalid-value',
      ]);
    },
  );

  test.each([-1, 0x1_0000_0000, ''])('is refused with program %j', (program) => {
    expect(codesOf({ rpc: { program } })).toEqual(['config/invalid-value']);
  });

  test('is refused where its program has no such name, or nobody can say, at the name', () => {
    const text = (name: string) =>
      `version: 1\nservices:\n  s:\n    listen: tcp://*:0\n    server: /bin/true\n    user: nobody\n    rpc: {versions: 2, program: ${name}}\n`;
    expect(places(loadText(text('nosuchd')))).toEqual(['7:33 config/unknown-rpc-program']);
    const host = fakeHost({
      findRpcProgram: () => {
        throw new SyscallError({ call: 'look up RPC program', subject: 'rstatd', code: 'EIO' });
      },
    });
    expect(places(loadText(text('rstatd'), host))).toEqual(['7:33 config/look-up-failed']);
  });

  test('needs the resolver, who asks rpcbind', () => {
    expect(loadText(oneService({ rpc: { program: 7 } })).config?.needsResolver).toBe(true);
    expect(loadText(oneService({ rpc: { program: 7 }, enabled: false })).config?.needsResolver).toBe(false);
  });

  test('is known to rpcbind on the transports of its listeners', () => {
    expect(netidsOf({ listen: ['tcp://*:0', 'udp://*:0'], wait: true })).toEqual([
      ['tcp'],
      ['tcp6'],
      ['udp'],
      ['udp6'],
    ]);
    expect(netidsOf({ listen: ['tcp46://*:0', 'udp46://*:0'], wait: true })).toEqual([
      ['tcp', 'tcp6'],
      ['udp', 'udp6'],
    ]);
    expect(netidsOf({ listen: 'tcp://[::]:0', v6only: false })).toEqual([['tcp', 'tcp6']]);
    expect(netidsOf({ listen: 'tcp://[2001:db8::1]:0', v6only: false })).toEqual([['tcp6']]);
  });

  test.each([
    ['a unix socket', { listen: ['tcp://*:0', 'unix:///run/s'] }],
    ['vsock', { listen: 'vsock://any:9' }],
    ['tcpmux alone', { listen: 'tcpmux://s' }],
  ])('is refused on %s: rpcbind cannot send anybody there', (_, attributes) => {
    expect(codesOf(attributes)).toContain('config/conflict');
  });

  test('may be on tcpmux besides', () => {
    expect(codesOf({ listen: ['tcp://127.0.0.1:0', 'tcpmux://s'] })).toEqual(['config/no-tcpmux']);
  });

  test('is refused with two addresses for one transport, of which rpcbind would know one', () => {
    const listen = ['tcp://127.0.0.1:0', 'tcp://[::1]:0', 'tcp://127.0.0.2:0'];
    expect(codesOf({ listen })).toEqual(['config/duplicate-rpc']);
    expect(codesOf({ listen: ['tcp46://*:0', 'tcp4://127.0.0.2:0'] })).toEqual(['config/duplicate-rpc']);
    expect(codesOf({ listen, enabled: false })).toEqual([]);
  });

  test('is refused where another one has the same version on the same transport', () => {
    const services = (first: object, second: object) =>
      loadText(
        JSON.stringify({
          version: 1,
          services: Object.fromEntries(
            [first, second].map((more, index) => [
              `s${index}`,
              { listen: 'tcp://127.0.0.1:0', server: '/bin/true', user: 'nobody', ...more },
            ]),
          ),
        }),
      );
    const rpc = (program: number, versions: string) => ({ rpc: { program, versions } });
    const { diagnostics } = services(rpc(7, '1-3'), rpc(7, '2-5'));
    expect(diagnostics.map(({ message }) => message)).toEqual([
      'Cannot register version 2 of RPC program 7 for tcp twice',
    ]);
    expect(diagnostics[0]?.related).toHaveLength(1);
    expect(codes(services(rpc(7, '1-3'), rpc(7, '4')))).toEqual([]);
    expect(codes(services(rpc(7, '1-3'), rpc(8, '1-3')))).toEqual([]);
    expect(codes(services(rpc(7, '1'), { ...rpc(7, '1'), listen: 'tcp://[::1]:0' }))).toEqual([]);
  });
});
