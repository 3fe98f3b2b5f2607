import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Call, Handlers } from '../../src/control/call.ts';
import { LineBuffer } from '../../src/control/line-buffer.ts';
import type { MethodName, Reply } from '../../src/control/messages.ts';
import { METHODS, MOST_REQUEST_BYTES, replySchema } from '../../src/control/protocol.ts';
import { type CallOutcome, Session } from '../../src/control/session.ts';

/** A session whose methods are all answered by `act`; what it says is kept. */
function play(act: (call: Call<MethodName>) => void, access: 'read' | 'admin' = 'admin') {
  const replies: Reply[] = [];
  const outcomes: CallOutcome[] = [];
  const calls: string[] = [];
  const rows = Object.keys(METHODS).map((name) => [
    name,
    (call: Call<MethodName>) => {
      calls.push(name);
      act(call);
    },
  ]);
  const session = new Session({
    access,
    handlers: Object.fromEntries(rows) as unknown as Handlers,
    send: (line) => replies.push(replySchema.parse(JSON.parse(new TextDecoder().decode(line)))),
    hasRoom: () => true,
    onAnswered: (_, outcome) => outcomes.push(outcome),
  });
  /** False: it was let go. */
  const say = (bytes: string | Uint8Array): boolean => {
    session.take(typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes);
    while (session.hasNext) if (!session.next()) return false;
    return true;
  };
  return { session, replies, outcomes, calls, say };
}

const ask = (method: string, params?: unknown, id = 1) =>
  `${JSON.stringify({ zinetd: 1, id, method, params })}\n`;
const accept = (call: Call<MethodName>): void => (call as Call<'stop'>).result({});

describe('a stream of lines', () => {
  test('comes out as it went in, however it is cut up', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ maxLength: 300 })),
        fc.integer({ min: 1, max: 200 }),
        (texts, size) => {
          const lines = texts.map((text) => text.replaceAll('\n', ' '));
          const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
          const buffer = new LineBuffer();
          const found: string[] = [];
          for (let at = 0; at < bytes.length; at += size) {
            buffer.take(bytes.subarray(at, at + size));
            for (let line = buffer.next(); line; line = buffer.next())
              found.push(Buffer.from(line).toString());
          }
          expect(found).toEqual(lines);
          expect(buffer.lineBytes).toBe(0);
        },
      ),
    );
  });
});

describe('a session of the control protocol', () => {
  test('carries out requests in their order, and gives each answer its number', () => {
    const { say, replies, calls } = play(accept);
    expect(say(ask('stop', {}, 7) + ask('ping', undefined, 9))).toBe(true);
    expect(calls).toEqual(['stop', 'ping']);
    expect(replies).toEqual([
      { zinetd: 1, id: 7, result: {} },
      { zinetd: 1, id: 9, result: {} },
    ]);
  });

  test('answers junk with one error of the protocol, and is over (S114)', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 400 }),
          fc.json().map((text) => Buffer.from(text)),
        ),
        (junk) => {
          const { say, replies, calls } = play(accept);
          const line = Uint8Array.from([...junk.filter((byte) => byte !== 0x0a), 0x0a]);
          expect(say(line)).toBe(false);
          expect(replies).toMatchObject([{ id: null, error: { code: 'protocol' } }]);
          expect(calls).toEqual([]);
        },
      ),
    );
  });

  test('is over after a line that is too long, however much of it came', () => {
    const { say, replies } = play(accept);
    expect(say(Buffer.alloc(MOST_REQUEST_BYTES, 0x20))).toBe(true);
    expect(say(' ')).toBe(false);
    expect(replies).toMatchObject([
      { id: null, error: { message: 'Cannot read a request: it is too long' } },
    ]);
  });

  test('says so when the version is another one', () => {
    const { say, replies } = play(accept);
    expect(say('{"zinetd":2,"id":1,"method":"ping"}\n')).toBe(false);
    expect(replies).toMatchObject([{ error: { message: 'Cannot read a request: its version is not 1' } }]);
  });

  test.each([
    ['toString', {}, 'unknown-method', 'there is no such method'],
    ['__proto__', {}, 'unknown-method', 'there is no such method'],
    ['ban', {}, 'invalid-params', 'the parameter "source" is missing or not of its form'],
    ['ban', { source: 7 }, 'invalid-params', 'the parameter "source" is missing or not of its form'],
    ['stop', { now: true }, 'invalid-params', 'there is no parameter "now"'],
    ['unban', { isAll: false }, 'invalid-params', 'the parameters are others than it has'],
  ])('refuses %s with %j: %s, and goes on', (method, params, code, reason) => {
    const { say, replies, calls } = play(accept);
    expect(say(ask(method, params))).toBe(true);
    expect(replies).toEqual([
      { zinetd: 1, id: 1, error: { code, message: `Cannot call "${method}": ${reason}` } },
    ]);
    expect(calls).toEqual([]);
  });

  test('lets one who may only read call each method that reads, and none that changes anything', () => {
    const { say, replies, outcomes } = play(accept, 'read');
    const params: Record<string, object> = {
      explain: { service: 'a', from: '::1' },
      ...Object.fromEntries(['enable', 'disable', 'drain'].map((name) => [name, { service: 'a' }])),
      ...{ ban: { source: '::1' }, unban: { source: '::1' }, kill: { connection: 1 } },
    };
    for (const method of Object.keys(METHODS)) say(ask(method, params[method]));
    const expected = Object.values(METHODS).map(({ access }) =>
      access === 'read' ? 'done' : 'not-permitted',
    );
    expect(outcomes).toEqual(expected);
    expect(replies.map((reply) => ('error' in reply ? reply.error.code : 'done'))).toEqual(expected);
  });

  test('has sixteen requests open at the most, and tells who waits for their answers when the client leaves', () => {
    const left: number[] = [];
    const { session, say, replies } = play((call) => call.whenLeft(() => left.push(1)));
    for (let id = 1; id <= 17; id++) say(ask('logs', {}, id));
    expect(replies).toMatchObject([{ id: 17, error: { code: 'busy' } }]);
    expect(session.isWorking).toBe(true);
    session.leave();
    expect(left).toHaveLength(16);
    expect(session.isWorking).toBe(false);
  });

  test('says nothing to a client that has left, whatever is answered late', () => {
    const calls: Call<'stop'>[] = [];
    const { session, say, replies, outcomes } = play((call) => calls.push(call as Call<'stop'>));
    say(ask('stop'));
    session.leave();
    calls[0]?.result({});
    expect(replies).toEqual([]);
    expect(outcomes).toEqual(['done']);
  });
});
