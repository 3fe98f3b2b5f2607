import { constants } from 'node:os';
import type { Binding } from '../native/binding.ts';
import type { Descriptor } from '../native/descriptor.ts';
import type { World } from './world.ts';

/** Each connection has its turn once a second; they are spread over ten, so that no turn is long (B7). */
const TURN_MS = 100;
const TURNS = 10;
const MOST_MS = 600_000;
/** A client that is told nothing in particular gets empty lines. */
const EMPTY_LINE = Uint8Array.of(0x0a);

const { errno } = constants;
const PASSING: ReadonlySet<number> = new Set([-errno.EAGAIN, -errno.EINTR, -errno.ENOBUFS]);

export interface TarpitOptions {
  readonly service: number;
  readonly bytesPerSecond: number;
  /** Connections of this service that are held at once; more are closed. */
  readonly slots: number;
  /** Said over and over. */
  readonly text?: Uint8Array | undefined;
  readonly maxMs?: number | undefined;
}

interface Held {
  readonly connection: Descriptor;
  readonly service: number;
  /** The text as often as needed for a second's bytes from any place in it. */
  readonly bytes: Uint8Array;
  readonly textBytes: number;
  readonly bytesPerSecond: number;
  offset: number;
  secondsLeft: number;
}

function repeated(text: Uint8Array, atLeast: number): Uint8Array {
  return Uint8Array.from({ length: text.length + atLeast }, (_, index) => text[index % text.length] ?? 0);
}

/**
 * Holds refused connections and tells them something slowly, so that whoever made them waits. Costs a descriptor
 * each, within the slots of each service, and one timer for all; reads nothing.
 */
export class Tarpit {
  readonly #binding: Binding;
  readonly #after: World['after'];
  readonly #turns: readonly Set<Held>[] = Array.from({ length: TURNS }, () => new Set<Held>());
  readonly #heldOf = new Map<number, number>();
  #turn = 0;
  #nextTurn = 0;
  #cancel: (() => void) | undefined;
  #isClosed = false;

  constructor(options: { readonly binding: Binding; readonly after: World['after'] }) {
    this.#binding = options.binding;
    this.#after = options.after;
  }

  /** Connections of a service that are held. */
  held(service: number): number {
    return this.#heldOf.get(service) ?? 0;
  }

  /** Takes the connection: true if it is held, false if it is closed since there is no slot. */
  hold(connection: Descriptor, options: TarpitOptions): boolean {
    const { service, bytesPerSecond, slots, maxMs = MOST_MS } = options;
    if (this.#isClosed || this.held(service) >= slots) {
      connection.close();
      return false;
    }
    const text = options.text && options.text.length > 0 ? options.text : EMPTY_LINE;
    const bytes = repeated(text, bytesPerSecond);
    const secondsLeft = Math.ceil(maxMs / 1000);
    const told = { bytes, textBytes: text.length, bytesPerSecond, offset: 0, secondsLeft };
    this.#turns[this.#nextTurn]?.add({ connection, service, ...told });
    this.#nextTurn = (this.#nextTurn + 1) % TURNS;
    this.#heldOf.set(service, this.held(service) + 1);
    this.#cancel ??= this.#after(TURN_MS, () => this.#takeTurn());
    return true;
  }

  /** Closes all that are held, and everything that comes after. */
  close(): void {
    this.#isClosed = true;
    this.#cancel?.();
    this.#cancel = undefined;
    for (const turn of this.#turns) for (const held of turn) this.#end(turn, held);
  }

  #takeTurn(): void {
    const turn = this.#turns[this.#turn];
    this.#turn = (this.#turn + 1) % TURNS;
    if (turn) for (const held of turn) if (!this.#tell(held)) this.#end(turn, held);
    this.#cancel = this.#heldOf.size > 0 ? this.#after(TURN_MS, () => this.#takeTurn()) : undefined;
  }

  /** False when the client is gone or its time is over. A client that takes nothing is left alone until then. */
  #tell(held: Held): boolean {
    const { offset, bytesPerSecond, textBytes } = held;
    const bytes = held.bytes.subarray(offset, offset + bytesPerSecond);
    const sent = this.#binding.send(held.connection.fd, bytes, -1);
    if (sent < 0 && !PASSING.has(sent)) return false;
    held.offset = (offset + Math.max(sent, 0)) % textBytes;
    held.secondsLeft--;
    return held.secondsLeft > 0;
  }

  #end(turn: Set<Held>, held: Held): void {
    turn.delete(held);
    held.connection.close();
    const left = this.held(held.service) - 1;
    if (left > 0) this.#heldOf.set(held.service, left);
    else this.#heldOf.delete(held.service);
  }
}
