import { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { describe, expect, test } from 'vitest';
import type { SocketStream } from '../../src/relay/socket-stream.ts';
import { TlsRelay } from '../../src/relay/tls-relay.ts';
import { FakeWorld } from '../dispatcher/fake-world.ts';

/** A stream that says nothing by itself, and takes what it is told or does not. */
class Played extends Duplex {
  /** The beginning of the fake clock. */
  movedAtMs = 1_000_000;
  readonly #takes: boolean;
  #taken: (() => void) | undefined;

  constructor(takes: boolean) {
    super();
    this.#takes = takes;
  }

  /** What it was told, at last. */
  accept(): void {
    this.#taken?.();
  }

  override _read(): void {}

  override _write(_bytes: unknown, _encoding: string, done: () => void): void {
    this.#taken = done;
    if (this.#takes) this.accept();
  }
}

/** Whether the client takes what it is told, and the handler what is said to it. */
interface PlayedOptions {
  readonly takes?: boolean;
  readonly serves?: boolean;
  readonly idleMs?: number;
}

/** A relay in a world whose clock a test moves. */
class PlayedRelay {
  readonly world: FakeWorld = new FakeWorld();
  readonly outer: Played = new Played(true);
  readonly socket: Played;
  readonly inner: Played;
  ends = 0;

  constructor({ takes = true, serves = true, idleMs }: PlayedOptions = {}) {
    this.socket = new Played(takes);
    this.inner = new Played(serves);
    new TlsRelay({
      outer: this.outer as unknown as SocketStream,
      socket: this.socket as unknown as TLSSocket,
      inner: this.inner as unknown as SocketStream,
      ...{ idleMs, nowMs: this.world.nowMs, after: this.world.after, onLingering: () => {} },
      onEnd: () => this.ends++,
    });
  }

  moved(): void {
    this.outer.movedAtMs = this.world.nowMs();
  }
}

/** Of streams: they tell of what happens a moment later. */
const aMoment = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a session', () => {
  test('whose client is gone ends once its handler has taken what it said', async () => {
    const relay = new PlayedRelay({ serves: false });
    relay.socket.push('said');
    relay.socket.push(null);
    await aMoment();
    relay.socket.destroy();
    await aMoment();
    expect(relay.ends).toBe(0);
    relay.inner.accept();
    await aMoment();
    expect(relay.ends).toBe(1);
  });

  test('whose client was cut off ends at once', async () => {
    const relay = new PlayedRelay({ serves: false });
    relay.socket.push('said');
    await aMoment();
    relay.socket.destroy();
    await aMoment();
    expect(relay.ends).toBe(1);
  });

  test('whose handler is gone ends after half a minute, if its client takes nothing', () => {
    const relay = new PlayedRelay({ takes: false });
    relay.inner.emit('hangup');
    relay.world.pass(29_999);
    expect(relay.ends).toBe(0);
    relay.world.pass(1);
    expect(relay.ends).toBe(1);
    expect([relay.outer, relay.socket, relay.inner].map(({ destroyed }) => destroyed)).toEqual([
      true,
      true,
      true,
    ]);
  });

  test('whose client has all, and does not go, ends two seconds later', () => {
    const relay = new PlayedRelay();
    relay.inner.emit('hangup');
    relay.world.pass(10_000);
    relay.outer.emit('finish');
    relay.world.pass(1999);
    expect(relay.ends).toBe(0);
    relay.world.pass(1);
    expect(relay.ends).toBe(1);
  });

  test('lasts for as long as its handler, and ends after a silence only where that is wanted', () => {
    const relay = new PlayedRelay();
    relay.world.pass(86_400_000);
    expect(relay.ends).toBe(0);
    const idle = new PlayedRelay({ idleMs: 1000 });
    idle.moved();
    idle.world.pass(900);
    idle.moved();
    idle.world.pass(900);
    expect(idle.ends).toBe(0);
    idle.world.pass(100);
    expect(idle.ends).toBe(1);
  });
});
