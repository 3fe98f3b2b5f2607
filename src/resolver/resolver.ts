import type { Decision } from '../model/decision.ts';
import type { HostName } from '../model/host-name.ts';
import type { Binding } from '../native/binding.ts';
import type { Descriptor } from '../native/descriptor.ts';
import type { Poller } from '../native/poller.ts';
import { askDecision } from './ask-decision.ts';
import { lookUpName, type NameServices } from './lookup.ts';
import { PacketLink } from './packet-link.ts';
import { decodeRequest, encodeAnswer, type Request } from './protocol.ts';
import { WorkQueue } from './work-queue.ts';

/** Look-ups that may wait for a thread, of whom the dispatcher asks for fewer (client.ts). */
const MOST_WAITING_LOOKUPS = 1024;
const MOST_DECISIONS = 256;

/** What the resolver takes from outside, so that a test can give it another. */
export interface ResolverWorld {
  readonly services: NameServices;
  /** How many look-ups the name services take at once. */
  readonly lookupsAtOnce: number;
  /** Monotonic. */
  now(): number;
  /** Calls back once, after a time; gives the function that calls it off. */
  after(delayMs: number, callback: () => void): () => void;
  /** The dispatcher is gone: ends the process. */
  exit(): void;
}

type Asked<Kind extends Request['kind']> = Extract<Request, { readonly kind: Kind }>;

/** The resolver's end of the channel: each question gets one answer, in any order. */
export class Resolver {
  readonly #world: ResolverWorld;
  readonly #link: PacketLink;
  readonly #lookups: WorkQueue;
  readonly #decisions = new WorkQueue({ atOnce: MOST_DECISIONS, mostWaiting: 0 });

  constructor(options: { binding: Binding; poller: Poller; channel: Descriptor; world: ResolverWorld }) {
    const { world, ...ends } = options;
    this.#world = world;
    this.#lookups = new WorkQueue({ atOnce: world.lookupsAtOnce, mostWaiting: MOST_WAITING_LOOKUPS });
    const handlers = { onPacket: (packet: Uint8Array) => this.#onPacket(packet), onGone: () => world.exit() };
    this.#link = new PacketLink({ ...ends, handlers });
  }

  #onPacket(packet: Uint8Array): void {
    const request = decodeRequest(packet);
    // Of another release, or gone bad: the spawner starts a pair that fits.
    if (!request) this.#world.exit();
    else if (request.kind === 'name') this.#lookUp(request);
    else this.#decide(request);
  }

  /** One that waited so long for a thread that nobody wants it any more is not begun (S95). */
  #lookUp(request: Asked<'name'>): void {
    const uselessFrom = this.#world.now() + request.deadlineMs;
    const isTaken = this.#lookups.add(async () => {
      const isLate = this.#world.now() >= uselessFrom;
      const late: HostName = { kind: 'unknown', why: 'timeout' };
      this.#giveName(request, isLate ? late : await lookUpName(request.address, this.#world.services));
    });
    if (!isTaken) this.#giveName(request, { kind: 'unknown', why: 'busy' });
  }

  #decide(request: Asked<'decide'>): void {
    const isTaken = this.#decisions.add(async () => {
      this.#giveDecision(request, await askDecision(request, this.#world.after));
    });
    if (!isTaken) this.#giveDecision(request, { kind: 'undecided', why: 'busy' });
  }

  #giveName({ id }: Request, name: HostName): void {
    const packet = encodeAnswer({ id, kind: 'name', name });
    if (packet) this.#link.send(packet);
  }

  #giveDecision({ id }: Request, decision: Decision): void {
    const packet = encodeAnswer({ id, kind: 'decide', decision });
    if (packet) this.#link.send(packet);
  }
}
