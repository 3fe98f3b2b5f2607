import { constants } from 'node:os';
import { describe, expect, test } from 'vitest';
import type { HostName } from '../../src/model/host-name.ts';
import { CHANNEL_FD, clientOf } from './play-client.ts';

const EAGAIN = -constants.errno.EAGAIN;
const WRITABLE = 4;
const KNOWN: HostName = { kind: 'known', name: 'good.example' };

describe('the client of the resolver', () => {
  test('asks nobody while there is no resolver, and says so at once', () => {
    const { sent, name, decision } = clientOf();
    expect(name(1)).toEqual([{ kind: 'unknown', why: 'failed' }]);
    expect(decision(1)).toEqual([{ kind: 'undecided', why: 'failed' }]);
    expect(sent).toEqual([]);
  });

  test('asks once for all who want to know the same, and calls each back once', () => {
    const { attach, sent, say, name, expire } = clientOf();
    attach();
    const callers = [name(1), name(1), name(1)];
    expect(sent).toMatchObject([{ kind: 'name', address: '192.0.2.1', deadlineMs: 5000 }]);
    const answer = { id: sent[0]?.id, kind: 'name', name: KNOWN };
    say(answer);
    say(answer);
    expire();
    expect(callers).toEqual([[KNOWN], [KNOWN], [KNOWN]]);
  });

  test('remembers a known name for 60 s and any other answer for 5 s, being busy not at all', () => {
    const { attach, sent, say, name, pass } = clientOf();
    attach();
    const none: HostName = { kind: 'unknown', why: 'none' };
    name(1);
    say({ id: sent[0]?.id, kind: 'name', name: KNOWN });
    name(2);
    say({ id: sent[1]?.id, kind: 'name', name: none });
    name(3);
    say({ id: sent[2]?.id, kind: 'name', name: { kind: 'unknown', why: 'busy' } });
    pass(4999);
    expect([name(1), name(2)]).toEqual([[KNOWN], [none]]);
    expect([name(3), sent.length]).toEqual([[], 4]);
    pass(1);
    expect([name(2), sent.length]).toEqual([[], 5]);
    pass(54_999);
    expect(name(1)).toEqual([KNOWN]);
    pass(1);
    expect(name(1)).toEqual([]);
  });

  test('forgets what was used longest ago, so that memory stays bounded (promise 5)', () => {
    const { client, attach, sent, say } = clientOf();
    attach();
    const ask = (n: number) =>
      client.lookup({ address: Uint8Array.from([10, 0, n >> 8, n & 255]), source: n }, () => {});
    for (let n = 0; n < 4097; n++) {
      ask(n);
      say({ id: sent.at(-1)?.id, kind: 'name', name: KNOWN });
      if (n === 4000) ask(0);
    }
    expect(sent).toHaveLength(4097);
    ask(0);
    expect(sent).toHaveLength(4097);
    ask(1);
    expect(sent).toHaveLength(4098);
  });

  test('answers at the deadline, then not again, and does not ask anew right away (S95)', () => {
    const { attach, sent, say, name, expire } = clientOf();
    attach();
    const first = name(1);
    expire();
    const late: HostName = { kind: 'unknown', why: 'timeout' };
    expect(first).toEqual([late]);
    expect(name(1)).toEqual([late]);
    say({ id: sent[0]?.id, kind: 'name', name: KNOWN });
    expect([first, sent.length]).toEqual([[late], 1]);
  });

  test('lets one source wait 8 times and all together 256 times, names and decisions apart', () => {
    const { attach, sent, say, name, decision, expire } = clientOf();
    attach();
    const own = Array.from({ length: 9 }, (_, last) => name(last, 'one'));
    expect(own.filter(([answer]) => answer?.kind === 'unknown' && answer.why === 'busy')).toHaveLength(1);
    const others = Array.from({ length: 249 }, (_, index) => name(index % 250, `other ${index}`));
    expect(others.filter((answers) => answers.length > 0)).toHaveLength(1);
    expect(decision('one')).toEqual([]);
    say({ id: sent[0]?.id, kind: 'name', name: KNOWN });
    expect(name(99, 'one')).toEqual([]);
    expire();
    expect(name(100, 'one')).toEqual([{ kind: 'unknown', why: 'timeout' }]);
    expect(name(251, 'one')).toEqual([]);
  });

  test('fails all that is under way when the resolver is gone, and asks the next one', () => {
    const { attach, receive, closed, sent, name, decision, expire } = clientOf();
    attach();
    const before = [name(1), decision(2)];
    receive('gone');
    expect(before).toEqual([[{ kind: 'unknown', why: 'failed' }], [{ kind: 'undecided', why: 'failed' }]]);
    expect(closed).toEqual([CHANNEL_FD]);
    attach();
    expect(name(1)).toEqual([]);
    expire();
    expect([before[0]?.length, sent.length]).toEqual([1, 3]);
  });

  test('gives up a resolver that says what nobody can mean', () => {
    const nonsense: readonly object[] = [
      { id: 1, kind: 'name', name: { kind: 'known', name: '10.0.0.1' } },
      { id: 1, kind: 'name', name: { kind: 'known', name: '-froot' } },
      { id: 1, kind: 'name', name: { kind: 'known', name: 'a\nb' } },
      { id: 1, kind: 'name', name: { kind: 'known', name: 'Good.Example' } },
      { id: 1, kind: 'name', name: { kind: 'paranoid' } },
      { id: 1, kind: 'name', name: { kind: 'unknown', why: 'because' } },
      { id: 1, kind: 'name' },
      { id: 1, kind: 'decide', decision: { kind: 'allowed' } },
      { id: 2, kind: 'name', name: KNOWN },
      { id: 3, kind: 'name', name: KNOWN },
      { id: -1, kind: 'name', name: KNOWN },
      { id: 1, kind: 'other', name: KNOWN },
      { id: 1, kind: 'name', name: KNOWN, version: 2 },
      { id: 2, kind: 'decide', decision: { kind: 'allowed', reason: 'x'.repeat(256) } },
      { id: 2, kind: 'decide', decision: { kind: 'allowed', reason: 5 } },
      { id: 2, kind: 'decide', decision: { kind: 'maybe' } },
    ];
    for (const message of nonsense) {
      const { attach, say, closed, name, decision } = clientOf();
      attach();
      const answers = [name(1), decision(2)];
      say(message);
      const failed = [[{ kind: 'unknown', why: 'failed' }], [{ kind: 'undecided', why: 'failed' }]];
      expect(answers, JSON.stringify(message)).toEqual(failed);
      expect(closed).toEqual([CHANNEL_FD]);
    }
  });

  test('gives up a resolver whose packet is none, or too large', () => {
    for (const packet of [Uint8Array.of(255), new TextEncoder().encode('[]'), new Uint8Array(4096)]) {
      const { attach, receive, name } = clientOf();
      attach();
      const answers = name(1);
      receive(packet);
      expect(answers).toEqual([{ kind: 'unknown', why: 'failed' }]);
    }
  });

  test('keeps questions in order while the channel is full', () => {
    const { attach, sent, name, fake } = clientOf({ sendResults: [EAGAIN] });
    attach();
    name(1);
    name(2);
    expect(sent).toEqual([]);
    fake.ready(fake.token(CHANNEL_FD), WRITABLE);
    expect(sent.map(({ id }) => id)).toEqual([1, 2]);
  });

  test('does not ask what fits into no packet', () => {
    const { attach, sent, decision } = clientOf();
    attach();
    expect(decision(1, `/${'x'.repeat(5000)}`)).toEqual([{ kind: 'undecided', why: 'failed' }]);
    expect(sent).toEqual([]);
  });

  test('has no name for an address of a link: others have the same one', () => {
    const { client, attach, sent } = clientOf();
    attach();
    const answers: HostName[] = [];
    for (const second of [0x80, 0x9f, 0xbf, 0xc0]) {
      const address = new Uint8Array(16).with(0, 0xfe).with(1, second).with(15, 1);
      client.lookup({ address, source: 1 }, (it) => answers.push(it));
    }
    expect(answers).toEqual(Array(3).fill({ kind: 'unknown', why: 'none' }));
    expect(sent).toHaveLength(1);
  });

  test('may be asked again by the one whom it calls back', () => {
    const { client, attach, receive, name } = clientOf();
    attach();
    const answers: HostName[] = [];
    const address = Uint8Array.from([192, 0, 2, 1]);
    client.lookup({ address, source: 1 }, () =>
      client.lookup({ address, source: 1 }, (it) => answers.push(it)),
    );
    receive('gone');
    expect(answers).toEqual([{ kind: 'unknown', why: 'failed' }]);
    attach();
    expect(name(1)).toEqual([]);
  });
});
