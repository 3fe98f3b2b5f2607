import { describe, expect, test } from 'vitest';
import type { InheritedSocket } from '../../src/model/inherited-socket.ts';
import type { ListenScheme } from '../../src/model/listen-address.ts';
import { fakeHost } from './fake-host.ts';
import { codes, loadText, oneService } from './load-text.ts';

const LOOPBACK = Uint8Array.of(127, 0, 0, 1);

function socket(number: number, name: string, scheme: ListenScheme): InheritedSocket {
  const address = { family: 4, bytes: LOOPBACK, port: 7000 + number, scopeId: 0 } as const;
  return { number, name, state: { place: { scheme, address }, isMptcp: false } };
}

const SOCKETS: readonly InheritedSocket[] = [
  socket(0, 'web', 'tcp'),
  socket(1, 'web', 'tcp'),
  socket(2, 'tftp', 'udp'),
  { number: 3, name: 'odd', state: { fault: 'it does not listen' } },
];

function load(
  attributes: object,
  sockets: readonly InheritedSocket[] | undefined = SOCKETS,
): ReturnType<typeof loadText> {
  const service = { server: '/bin/true', user: 'nobody', ...attributes };
  return loadText(JSON.stringify({ version: 1, services: { it: service } }), fakeHost({ sockets }));
}

function saying(attributes: object, sockets?: readonly InheritedSocket[]): readonly string[] {
  return load(attributes, sockets).diagnostics.map(
    ({ code, message, help }) => `${code}: ${message}; ${help}`,
  );
}

describe('listen: fd://', () => {
  test('means all sockets of a name, with the addresses that they have', () => {
    const { config } = load({ listen: 'fd://web' });
    const [service] = config?.services ?? [];
    expect(
      service?.listeners.map(({ inherited, address }) => [
        inherited?.number,
        'port' in address && address.port,
      ]),
    ).toEqual([
      [0, 7000],
      [1, 7001],
    ]);
  });

  test('means one by its number, as sd_listen_fds(3) counts', () => {
    const { config } = load({ listen: ['fd://3', 'fd://5'], wait: true });
    expect(config?.services[0]?.listeners.map(({ inherited }) => inherited?.number)).toEqual([0, 2]);
  });

  test('of a name that there is not is an error that says which there are', () => {
    expect(saying({ listen: 'fd://wbe' })).toContain(
      'config/fd-unknown: Cannot listen on "fd://wbe": zinetd was started with no such socket; it was started with "fd://web", "fd://tftp", "fd://odd"',
    );
    expect(saying({ listen: 'fd://7' }, [])).toEqual([
      'config/fd-unknown: Cannot listen on "fd://7": zinetd was started with no such socket; it was started with none: LISTEN_PID and LISTEN_FDS of sd_listen_fds(3) say which there are',
    ]);
  });

  test('of a socket that the service cannot have is an error at its place', () => {
    expect(saying({ listen: 'fd://odd' })).toContain(
      'config/fd-misfit: Cannot use the socket of "fd://odd" in service "it": it does not listen; undefined',
    );
    expect(saying({ listen: 'fd://tftp' })).toContain(
      'config/fd-misfit: Cannot use the socket of "fd://tftp" in service "it": without "wait: true" each peer on udp://127.0.0.1:7002 would need another socket beside it; undefined',
    );
    const misfit = load({ listen: 'fd://odd' }).diagnostics.find(({ code }) => code === 'config/fd-misfit');
    expect(misfit?.span.range?.lineText).toContain('fd://odd');
  });

  test('warns of sockets that nobody is served on', () => {
    expect(saying({ listen: ['fd://web', 'fd://5'], wait: true })).toEqual([
      'config/fd-unused: Found no use for the socket "odd" that zinetd was started with: it does not listen; have a service listen on "fd://6"',
    ]);
  });

  test('is accepted where there are no sockets to look at, with a warning that says so', () => {
    const { config, diagnostics } = loadText(oneService({ listen: 'fd://web' }));
    expect(config?.services).toHaveLength(1);
    expect(diagnostics.map(({ message }) => message)).toEqual([
      'Cannot look at the socket of "fd://web": only what zinetd itself is started with is there',
    ]);
  });

  test('cannot be two services of one socket', () => {
    const service = { server: '/bin/true', user: 'nobody', listen: 'fd://3' };
    const text = JSON.stringify({ version: 1, services: { a: service, b: service } });
    const { diagnostics } = loadText(text, fakeHost({ sockets: SOCKETS.slice(0, 1) }));
    expect(diagnostics.map(({ message }) => message)).toEqual(['Cannot listen on fd://web twice']);
  });

  test('has no use for what is said before a socket is bound', () => {
    const sockets = SOCKETS.slice(0, 1);
    expect(codes(load({ listen: 'fd://web', backlog: 5 }, sockets))).toEqual(['config/no-effect']);
    expect(codes(load({ listen: 'fd://web', free_bind: true }, sockets))).toEqual(['config/no-effect']);
    expect(codes(load({ listen: 'fd://web', no_delay: true }, sockets))).toEqual([]);
  });

  test.each(['fd://', 'fd://2', 'fd://a:b', 'fd://a b', 'fd://99999'])('%s is no listener', (listen) => {
    expect(codes(load({ listen }))).toContain('config/invalid-value');
  });
});
