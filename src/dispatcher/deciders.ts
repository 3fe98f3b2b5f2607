import { constants } from 'node:os';
import type { LaunchFailure } from '../events/launch-failure.ts';
import type { EventType, SpawnerEvent } from '../launch/spawner-event.ts';
import type { SpawnerLink } from '../launch/spawner-link.ts';
import type { Endpoint } from '../model/address.ts';
import { type Decision, type DecisionSubject, MOST_DECIDERS } from '../model/decision.ts';
import type { Binding } from '../native/binding.ts';
import { ByteReader } from '../native/byte-reader.ts';
import { Descriptor } from '../native/descriptor.ts';
import { errnoName } from '../native/errno.ts';
import { type Poller, READABLE } from '../native/poller.ts';
import { MOST_LINE_BYTES, parseDecision } from '../resolver/parse-decision.ts';
import { renderQuestion } from '../resolver/render-question.ts';
import type { World } from './world.ts';

const LINE_FEED = 0x0a;
/** Events whose id is that of a launch. A signal that is refused has that of a slot. */
const ABOUT_LAUNCHES: ReadonlySet<EventType> = new Set(['launched', 'failed', 'exited']);

/** Which program, and what it is asked. */
export interface DeciderQuestion {
  readonly service: number;
  readonly variant: number;
  readonly peer: Endpoint;
  readonly subject: DecisionSubject;
  readonly deadlineMs: number;
}

/** A program that was asked. */
interface Asked {
  readonly id: number;
  readonly service: number;
  readonly socket: Descriptor;
  readonly answered: (decision: Decision) => void;
  readonly callOff: () => void;
  received: Uint8Array;
  /** Once it runs: what a signal is sent to. */
  slot: bigint | undefined;
  isDone: boolean;
}

export interface DecidersOptions {
  readonly binding: Binding;
  readonly poller: Poller;
  readonly link: SpawnerLink;
  readonly world: World;
  /** Never the id of a connection. */
  readonly nextId: () => number;
  readonly onFailed: (service: number, failure: LaunchFailure) => void;
}

/**
 * Programs that decide: one is started for each question, reads it as a line of JSON and answers with another. It
 * talks to a socket pair of ours and never meets the client. One that is late is killed.
 */
export class Deciders {
  readonly #options: DecidersOptions;
  readonly #asked = new Map<number, Asked>();
  readonly #reader: ByteReader;

  constructor(options: DecidersOptions) {
    this.#options = options;
    this.#reader = new ByteReader(options.binding, MOST_LINE_BYTES + 1);
  }

  /** Calls back exactly once. */
  ask(question: DeciderQuestion, answered: (decision: Decision) => void): void {
    const { service, variant, peer, subject, deadlineMs } = question;
    const { binding, link, poller, world, nextId } = this.#options;
    const pair = new Int32Array(2);
    const isFull = this.#countOf(service) >= MOST_DECIDERS;
    if (isFull || binding.socketPair(pair) < 0) {
      answered({ kind: 'undecided', why: isFull ? 'busy' : 'failed' });
      return;
    }
    const [ours, theirs] = Array.from(pair, (fd) => new Descriptor(binding, fd)) as [Descriptor, Descriptor];
    const id = nextId();
    const callOff = world.after(deadlineMs, () => this.#late(id));
    const asked = { id, service, socket: ours, answered, callOff, received: new Uint8Array(0) };
    this.#asked.set(id, { ...asked, slot: undefined, isDone: false });
    binding.send(ours.fd, new TextEncoder().encode(renderQuestion(subject)), -1);
    poller.watch(ours, { events: READABLE, watcher: () => this.#receive(id) });
    link.send({ type: 'launch', id, service, variant, peer }, theirs);
  }

  /** What the spawner says of one of them; false if it is about something else. */
  take(event: SpawnerEvent): boolean {
    const asked = ABOUT_LAUNCHES.has(event.type) ? this.#asked.get(event.id) : undefined;
    if (!asked) return false;
    if (event.type === 'launched') this.#launched(asked, event.slot);
    else if (event.type === 'exited') this.#ended(asked);
    else this.failed(event.id, { step: event.step, code: errnoName(event.errno) });
    return true;
  }

  /** It could not be started; false if it is none of them. */
  failed(id: number, failure: LaunchFailure): boolean {
    const asked = this.#asked.get(id);
    if (!asked) return false;
    this.#options.onFailed(asked.service, failure);
    this.#forget(asked);
    return true;
  }

  #countOf(service: number): number {
    return [...this.#asked.values()].filter((asked) => asked.service === service).length;
  }

  #launched(asked: Asked, slot: bigint): void {
    asked.slot = slot;
    if (asked.isDone) this.#kill(asked);
  }

  #receive(id: number): void {
    const asked = this.#asked.get(id);
    if (!asked || asked.isDone) return;
    const { length, bytes } = this.#reader.receive(asked.socket.fd);
    if (length === -constants.errno.EAGAIN) return;
    if (length <= 0) {
      const why = asked.received.length === 0 ? 'failed' : 'invalid';
      this.#finish(asked, { kind: 'undecided', why });
      return;
    }
    asked.received = Buffer.concat([asked.received, bytes]);
    const end = asked.received.indexOf(LINE_FEED);
    if (end >= 0) this.#finish(asked, parseDecision(asked.received.subarray(0, end)));
    else if (asked.received.length > MOST_LINE_BYTES) {
      this.#finish(asked, { kind: 'undecided', why: 'invalid' });
    }
  }

  #late(id: number): void {
    const asked = this.#asked.get(id);
    if (asked) this.#finish(asked, { kind: 'undecided', why: 'timeout' });
  }

  /** The answer; the program may go on for as long as it needs to notice that nobody listens any more. */
  #finish(asked: Asked, decision: Decision): void {
    if (asked.isDone) return;
    asked.isDone = true;
    asked.callOff();
    this.#options.poller.forget(asked.socket);
    asked.socket.close();
    if (decision.kind === 'undecided') this.#kill(asked);
    asked.answered(decision);
  }

  /** Its end may be told before what it has said was read. */
  #ended(asked: Asked): void {
    this.#receive(asked.id);
    this.#forget(asked);
  }

  #kill({ slot }: Asked): void {
    if (slot !== undefined) this.#options.link.send({ type: 'signal', slot, signal: 'KILL' });
  }

  #forget(asked: Asked): void {
    this.#asked.delete(asked.id);
    this.#finish(asked, { kind: 'undecided', why: 'failed' });
  }
}
