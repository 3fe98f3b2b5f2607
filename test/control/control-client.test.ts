import { expect, test } from 'vitest';
import { ControlClient, type StartTimer } from '../../src/control/control-client.ts';
import { ReplyLines } from '../../src/control/reply-lines.ts';
import { EXAMPLE_STATUS } from '../harness/example-status.ts';
import { fakeControl, type Play, reply, result } from '../harness/fake-control.ts';

/** Timers that go off when the test says so. */
class PlayedTimers {
  readonly started: { readonly afterMs: number; readonly fire: () => void; isStopped: boolean }[] = [];
  readonly start: StartTimer = (afterMs, callback) => {
    const timer = { afterMs, fire: callback, isStopped: false };
    this.started.push(timer);
    return () => {
      timer.isStopped = true;
    };
  };
}

test('a question that nobody answers fails at its deadline; each item is a new one', async () => {
  let itemSent = (): void => {};
  const sent = new Promise<void>((resolve) => {
    itemSent = resolve;
  });
  const { path } = await fakeControl({
    drain: (request, socket) => socket.write(reply(request, { item: { running: 1 } })),
  });
  const timers = new PlayedTimers();
  const client = new ControlClient(path, timers.start);
  const answer = client.ask('drain', { params: { service: 'x' }, deadlineMs: 5000, onItem: itemSent });
  await sent;
  expect(timers.started.map(({ afterMs, isStopped }) => [afterMs, isStopped])).toEqual([
    [5000, true],
    [5000, false],
  ]);
  timers.started[1]?.fire();
  expect(await answer).toEqual({ kind: 'failure', failure: { kind: 'silent', afterMs: 5000 } });
  client.close();
});

test('an answer stops the deadline, and goes to the one who asked', async () => {
  const { path } = await fakeControl({
    // In the other order.
    ping: () => {},
    stop: (request, socket) => {
      socket.write(reply(request, { result: {} }));
      socket.write(reply({ ...request, id: request.id - 1 }, { result: { isReady: true } }));
    },
  });
  const timers = new PlayedTimers();
  const client = new ControlClient(path, timers.start);
  const first = client.ask('ping', { params: {}, deadlineMs: 1 });
  const second = client.ask('stop', { params: {}, deadlineMs: 1 });
  expect(await second).toEqual({ kind: 'result', result: {} });
  expect(await first).toEqual({ kind: 'result', result: { isReady: true } });
  expect(timers.started.every(({ isStopped }) => isStopped)).toBe(true);
  client.close();
});

test('whoever asks over a connection that has ended is told at once', async () => {
  const { path } = await fakeControl({ ping: (_, socket) => socket.destroy() });
  const client = new ControlClient(path, new PlayedTimers().start);
  const gone = { kind: 'failure', failure: { kind: 'gone' } };
  expect(await client.ask('ping', { params: {} })).toEqual(gone);
  await client.ended();
  expect(await client.ask('ping', { params: {} })).toEqual(gone);
});

test('a line may come in any pieces, and an answer of another question is none of ours', async () => {
  const { path } = await fakeControl({
    ping: async (request, socket) => {
      socket.write(reply({ ...request, id: 99 }, { result: { isReady: false } }));
      for (const byte of reply(request, { result: { isReady: true } })) {
        await new Promise<void>((done) => socket.write(byte, () => done()));
      }
    },
  });
  const client = new ControlClient(path, new PlayedTimers().start);
  expect(await client.ask('ping', { params: {} })).toEqual({ kind: 'result', result: { isReady: true } });
  client.close();
});

test('a line without end is given up rather than kept', () => {
  const lines = new ReplyLines();
  const piece = Buffer.alloc(2 ** 24, 'x');
  const taken = Array.from({ length: 5 }, () => lines.take(piece));
  expect(taken).toEqual([[], [], [], [], undefined]);
});

const FOREIGN: readonly (readonly [string, Play])[] = [
  ['another version of ours', (it, socket) => socket.write(`{"zinetd":2,"id":${it.id},"result":{}}\n`)],
  ['a result with other fields', result({ ...EXAMPLE_STATUS, more: 1 })],
  ['a result without one', result({ ...EXAMPLE_STATUS, pid: undefined })],
  ['an item where none belongs', (it, socket) => socket.write(reply(it, { item: {} }))],
  [
    'an error that nobody knows',
    (it, socket) => socket.write(reply(it, { error: { code: 'x', message: '' } })),
  ],
];

for (const [what, play] of FOREIGN) {
  test(`${what} is no answer at all`, async () => {
    const { path } = await fakeControl({ status: play });
    const client = new ControlClient(path, new PlayedTimers().start);
    expect(await client.ask('status', { params: {} })).toEqual({
      kind: 'failure',
      failure: { kind: 'foreign' },
    });
    client.close();
  });
}

test('an error that belongs to no request is the answer to all', async () => {
  const { path } = await fakeControl({
    ping: (_, socket) =>
      socket.end('{"zinetd":1,"id":null,"error":{"code":"busy","message":"Cannot talk to more"}}\n'),
  });
  const client = new ControlClient(path, new PlayedTimers().start);
  const failure = { kind: 'refused', code: 'busy', message: 'Cannot talk to more' };
  expect(await client.ask('ping', { params: {} })).toEqual({ kind: 'failure', failure });
});
