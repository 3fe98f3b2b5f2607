import { constants } from 'node:os';
import { describe, expect, test } from 'vitest';
import type { OutletAnswer } from '../../src/dispatcher/outlets.ts';
import { Relays } from '../../src/dispatcher/relays.ts';
import { Bus } from '../../src/events/bus.ts';
import type { ZinetdEvent } from '../../src/events/event.ts';
import { Descriptor } from '../../src/native/descriptor.ts';
import { Ledger } from '../../src/supervise/ledger.ts';
import { endpoint } from '../admission/example-facts.ts';
import { FakePoller } from '../listeners/fake-binding.ts';
import { PlayedSocket, playedBinding } from '../relay/played-sockets.ts';
import { FakeWorld } from './fake-world.ts';
import { toldFailures } from './told-failures.ts';

const CLIENT = 7;
const TARGET = 8;
const READABLE = 1;
const WRITABLE = 4;
const BROKEN = 8 | 16;
const CONNECT_MS = 10_000;
const NO_TIMES = { idleMs: undefined, idleStopMs: undefined };
const peer = endpoint('192.0.2.7', 4000);

/** Somebody was admitted to a service that is relayed; what comes of it, a test plays. */
class PlayedRelays {
  readonly world: FakeWorld = new FakeWorld();
  readonly poller: FakePoller = new FakePoller();
  readonly client: PlayedSocket = new PlayedSocket();
  readonly target: PlayedSocket = new PlayedSocket();
  readonly events: ZinetdEvent[] = [];
  readonly closed: number[] = [];
  readonly ended: number[] = [];
  readonly asked: number[] = [];
  readonly #ledger = new Ledger();
  readonly #binding;
  readonly #relays: Relays;
  #answer: (answer: OutletAnswer) => void = () => {};

  constructor() {
    const bus = new Bus();
    bus.subscribe((event) => this.events.push(event));
    this.#binding = playedBinding(
      (fd) => (fd === CLIENT ? this.client : this.target),
      (fd) => this.closed.push(fd),
    );
    this.#relays = new Relays({
      ...{ binding: this.#binding, poller: this.poller.poller, world: this.world, bus },
      outlets: {
        open: (row, callback) => {
          this.asked.push(row);
          this.#answer = callback;
        },
      },
      daemons: { use: () => ({ whenUp: (callback) => callback(), end: () => {} }) },
      failures: toldFailures(bus),
      lives: { enter: () => {}, leave: () => {} },
      nameOf: () => 'web',
      onEnd: (service) => this.ended.push(service),
      onTimeOver: () => {},
    });
    this.#relays.begin(
      { connection: { id: 1, service: 0, peer }, descriptor: new Descriptor(this.#binding, CLIENT) },
      {
        redirect: { ...NO_TIMES, outlet: 5, to: 'tcp://192.0.2.1:80', connectMs: CONNECT_MS },
        ticket: this.#ledger.reserve(0),
        severity: undefined,
      },
    );
  }

  get running(): number {
    return this.#ledger.total;
  }

  opened(): void {
    this.#answer({ descriptor: new Descriptor(this.#binding, TARGET) });
  }

  refused(code: string): void {
    this.#answer({ code });
  }

  ready(fd: number, events: number): void {
    this.poller.ready(this.poller.token(fd), events);
  }

  stop(): void {
    this.#relays.close();
  }
}

/** It has ended, once, and nothing of it is left. */
function expectFailed(played: PlayedRelays, failure: object, closed: readonly number[]): void {
  expect(played.events).toMatchObject([{ type: 'failed', service: 'web', peer, failure }]);
  expect(played.closed.toSorted()).toEqual(closed);
  expect([played.running, played.ended, played.poller.watched.size]).toEqual([0, [0], 0]);
  played.world.pass(CONNECT_MS);
  played.stop();
  expect(played.events).toHaveLength(1);
}

describe('a connection that is relayed', () => {
  test('is not read before the target is there, and starts then (S140)', () => {
    const played = new PlayedRelays();
    played.client.sent.push('hello');
    expect(played.asked).toEqual([5]);
    played.opened();
    expect([played.client.reads, played.events]).toEqual([0, []]);
    played.ready(TARGET, WRITABLE);
    expect(played.target.said).toBe('hello');
    expect(played.events).toMatchObject([{ type: 'started', service: 'web', peer, pid: undefined }]);
    expect([played.client.isImmediate, played.target.isImmediate]).toEqual([true, true]);
  });

  test('ends in one record with how much it carried, and gives its place back (promise 7)', () => {
    const played = new PlayedRelays();
    played.opened();
    played.ready(TARGET, WRITABLE);
    played.client.sent.push('hello', 'end');
    played.ready(CLIENT, READABLE);
    played.world.pass(2500);
    played.target.sent.push('hi', 'end');
    played.ready(TARGET, READABLE);
    expect(played.events[1]).toMatchObject({
      ...{ type: 'exited', service: 'web', peer, pid: undefined, end: 'done' },
      ...{ traffic: { inBytes: 5, outBytes: 2 }, exit: { durationMs: 2500 } },
    });
    expect([played.closed, played.running, played.ended]).toEqual([[CLIENT, TARGET], 0, [0]]);
    expect(played.poller.watched.size).toBe(0);
    played.stop();
    expect(played.events).toHaveLength(2);
  });

  test('fails with what the spawner or the target says', () => {
    const unopened = new PlayedRelays();
    unopened.refused('EMFILE');
    expectFailed(unopened, { step: 'redirect', code: 'EMFILE' }, [CLIENT]);
    const refused = new PlayedRelays();
    refused.opened();
    refused.target.connectError = constants.errno.ECONNREFUSED;
    refused.ready(TARGET, WRITABLE | BROKEN);
    expectFailed(refused, { step: 'redirect', code: 'ECONNREFUSED' }, [CLIENT, TARGET]);
  });

  test('fails when the target does not answer in time, the spawner included', () => {
    const silent = new PlayedRelays();
    silent.opened();
    silent.world.pass(CONNECT_MS - 1);
    expect(silent.events).toEqual([]);
    silent.world.pass(1);
    expectFailed(silent, { step: 'redirect', code: 'ETIMEDOUT' }, [CLIENT, TARGET]);
    const unopened = new PlayedRelays();
    unopened.world.pass(CONNECT_MS);
    expectFailed(unopened, { step: 'redirect', code: 'ETIMEDOUT' }, [CLIENT]);
    unopened.opened();
    expect(unopened.closed).toEqual([CLIENT, TARGET]);
  });

  test('is let go when its client resets before the target is there (S134)', () => {
    const early = new PlayedRelays();
    early.ready(CLIENT, BROKEN);
    expectFailed(early, { step: 'client_gone', code: 'ECONNRESET' }, [CLIENT]);
    early.opened();
    expect(early.closed).toEqual([CLIENT, TARGET]);
    const later = new PlayedRelays();
    later.opened();
    later.ready(CLIENT, BROKEN);
    expectFailed(later, { step: 'client_gone', code: 'ECONNRESET' }, [CLIENT, TARGET]);
  });

  test('ends with a stop, connected or not', () => {
    const connecting = new PlayedRelays();
    connecting.opened();
    connecting.stop();
    expectFailed(connecting, { step: 'stopping', code: undefined }, [CLIENT, TARGET]);
    const connected = new PlayedRelays();
    connected.opened();
    connected.ready(TARGET, WRITABLE);
    connected.stop();
    expect(connected.events[1]).toMatchObject({ type: 'exited', end: 'stopping' });
    expect([connected.closed, connected.running]).toEqual([[CLIENT, TARGET], 0]);
  });
});
