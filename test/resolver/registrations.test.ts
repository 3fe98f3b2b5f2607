import { describe, expect, test } from 'vitest';
import type { RpcRegistration, RpcState } from '../../src/model/rpc.ts';
import { decodeRequest } from '../../src/resolver/protocol.ts';
import { CHANNEL_FD, clientOf } from './play-client.ts';

const RSTATD: RpcRegistration = {
  ...{ program: 100_001, low: 1, high: 5, netid: 'udp', address: '0.0.0.0.3.0' },
};
const REGISTERED: RpcState = { kind: 'registered' };
const GONE: RpcState = { kind: 'gone' };
const LEFT: RpcState = { kind: 'left', why: 'unreachable', code: undefined };

function registered() {
  const played = clientOf();
  played.attach();
  const states: RpcState[] = [];
  const id = played.client.register(RSTATD, (state) => states.push(state));
  return { ...played, states, id };
}

describe('a registration with rpcbind', () => {
  test('is asked for once, and each change of it is told', () => {
    const { sent, say, states, id } = registered();
    expect(sent).toEqual([{ version: 1, id, kind: 'register', registration: RSTATD }]);
    say({ id, kind: 'rpc', state: REGISTERED });
    const held: RpcState = { kind: 'failed', why: 'held', code: 'superuser' };
    say({ id, kind: 'rpc', state: held });
    expect(states).toEqual([REGISTERED, held]);
  });

  test('is asked for again of each resolver, under the same number', () => {
    const { sent, say, receive, attach, states, id } = registered();
    say({ id, kind: 'rpc', state: REGISTERED });
    receive('gone');
    expect(states).toEqual([REGISTERED]);
    attach();
    expect(sent).toHaveLength(2);
    expect(sent[1]).toEqual(sent[0]);
  });

  test('is asked for once there is a resolver', () => {
    const { client, sent, attach } = clientOf();
    client.register(RSTATD, () => {});
    expect(sent).toEqual([]);
    attach();
    expect(sent).toHaveLength(1);
  });

  test('that is withdrawn ends once, and nothing else of it is told any more', () => {
    const { client, sent, say, expire, attach, states, id } = registered();
    client.unregister(id, 1000);
    expect(sent[1]).toEqual({ version: 1, id, kind: 'unregister' });
    say({ id, kind: 'rpc', state: { kind: 'failed', why: 'held', code: 'superuser' } });
    say({ id, kind: 'rpc', state: GONE });
    say({ id, kind: 'rpc', state: GONE });
    expire();
    attach();
    expect([states, sent.length]).toEqual([[GONE], 2]);
  });

  test('that is withdrawn ends at the deadline, or with the resolver, and then may still be there', () => {
    const late = registered();
    late.client.unregister(late.id, 1000);
    late.expire();
    late.say({ id: late.id, kind: 'rpc', state: GONE });
    expect(late.states).toEqual([{ ...LEFT, code: 'ETIMEDOUT' }]);
    const gone = registered();
    gone.client.unregister(gone.id, 1000);
    gone.receive('gone');
    expect(gone.states).toEqual([LEFT]);
    const alone = registered();
    alone.receive('gone');
    alone.client.unregister(alone.id, 1000);
    expect(alone.states).toEqual([LEFT]);
  });

  test.each([
    { kind: 'rpc', state: { kind: 'registered?' } },
    { kind: 'rpc', state: { kind: 'failed', why: 'because' } },
    { kind: 'rpc', state: { kind: 'failed', why: 'held', code: 5 } },
    { kind: 'rpc', state: { kind: 'failed', why: 'held', code: 'x'.repeat(257) } },
    { kind: 'rpc' },
    { kind: 'name', name: { kind: 'unknown', why: 'none' } },
    { kind: 'rpc', state: REGISTERED, id: 2 },
  ])('does not survive nonsense of a resolver: %j', (answer) => {
    const { say, closed, states, id } = registered();
    say({ id, ...answer });
    expect([closed, states]).toEqual([[CHANNEL_FD], []]);
  });
});

describe('a request to register', () => {
  const decode = (registration: object, more: object = {}) =>
    decodeRequest(
      new TextEncoder().encode(
        JSON.stringify({
          ...{ version: 1, id: 1, kind: 'register' },
          registration: { ...RSTATD, ...registration },
          ...more,
        }),
      ),
    );

  test('is taken as it was meant', () => {
    expect(decode({})).toEqual({ id: 1, kind: 'register', registration: RSTATD });
    expect(decode({ program: 0xffff_ffff, low: 0, high: 63, netid: 'tcp6' })).toBeDefined();
  });

  test.each([
    { program: 0x1_0000_0000 },
    { program: -1 },
    { program: 1.5 },
    { program: '7' },
    { low: 6 },
    { low: 0, high: 64 },
    { high: 0x1_0000_0000, low: 0x1_0000_0000 },
    { netid: 'local' },
    { address: 'x'.repeat(65) },
    { address: 7 },
  ])('is none with %j', (registration) => {
    expect(decode(registration)).toBeUndefined();
  });
});
