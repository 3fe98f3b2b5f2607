import { type Endpoint, parseAddress } from '../model/address.ts';
import type { Decision } from '../model/decision.ts';
import type { HostName } from '../model/host-name.ts';
import type { Binding } from '../native/binding.ts';
import type { Descriptor } from '../native/descriptor.ts';
import type { Poller } from '../native/poller.ts';
import { askDecision } from './ask-decision.ts';
import { askIdent } from './ask-ident.ts';
import { findOwner, type OwnerWorld } from './find-owner.ts';
import { lookUpName, type NameServices } from './lookup.ts';
import { PacketLink } from './packet-link.ts';
import { type Answer, decodeRequest, encodeAnswer, type Request, type RpcRequest } from './protocol.ts';
import { Registrar, type RegistrarWorld } from './rpc/registrar.ts';
import { WorkQueue } from './work-queue.ts';

/** Look-ups that may wait for a thread, of whom the dispatcher asks for fewer (client.ts). */
const MOST_WAITING_LOOKUPS = 1024;
const MOST_DECISIONS = 256;
const MOST_IDENTS = 256;

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
  /** Or the symbolic errno. */
  readonly connectRpcbind: RegistrarWorld['connect'];
  readonly owners: OwnerWorld;
}

type Asked<Kind extends Request['kind']> = Extract<Request, { readonly kind: Kind }>;

function endpointOf({ address, port }: { readonly address: string; readonly port: number }): Endpoint {
  const bytes = parseAddress(address) ?? new Uint8Array(4);
  return { family: bytes.length === 4 ? 4 : 6, bytes, port, scopeId: 0 };
}

/** The resolver's end of the channel: each question gets one answer, in any order. */
export class Resolver {
  readonly #world: ResolverWorld;
  readonly #link: PacketLink;
  readonly #lookups: WorkQueue;
  readonly #decisions = new WorkQueue({ atOnce: MOST_DECISIONS, mostWaiting: 0 });
  readonly #idents = new WorkQueue({ atOnce: MOST_IDENTS, mostWaiting: 0 });
  readonly #registrar: Registrar;

  constructor(options: { binding: Binding; poller: Poller; channel: Descriptor; world: ResolverWorld }) {
    const { world, ...ends } = options;
    this.#world = world;
    this.#lookups = new WorkQueue({ atOnce: world.lookupsAtOnce, mostWaiting: MOST_WAITING_LOOKUPS });
    const handlers = { onPacket: (packet: Uint8Array) => this.#onPacket(packet), onGone: () => world.exit() };
    this.#link = new PacketLink({ ...ends, handlers });
    this.#registrar = new Registrar({
      connect: world.connectRpcbind,
      after: world.after,
      report: (id, state) => this.#give({ id, kind: 'rpc', state }),
    });
  }

  #onPacket(packet: Uint8Array): void {
    const request = decodeRequest(packet);
    // Of another release, or gone bad: the spawner starts a pair that fits.
    if (!request) this.#world.exit();
    else if (request.kind === 'name') this.#lookUp(request);
    else if (request.kind === 'decide') this.#decide(request);
    else if (request.kind === 'owner') this.#findOwner(request);
    else if (request.kind === 'ident') this.#identify(request);
    else this.#keep(request);
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

  #identify(request: Asked<'ident'>): void {
    const { id } = request;
    const isTaken = this.#idents.add(async () => {
      this.#give({ id, kind: 'ident', ident: await askIdent(request, this.#world.after) });
    });
    if (!isTaken) this.#give({ id, kind: 'ident', ident: { kind: 'unknown', why: 'busy' } });
  }

  #findOwner(request: Asked<'owner'>): void {
    const { id, isNumeric, noident } = request;
    const ends = { local: endpointOf(request.local), peer: endpointOf(request.peer) };
    const isTaken = this.#lookups.add(async () => {
      const owner = await findOwner({ ends, isNumeric, noident }, this.#world.owners);
      this.#give({ id, kind: 'owner', owner });
    });
    if (!isTaken) this.#give({ id, kind: 'owner', owner: { kind: 'failed' } });
  }

  /** They stay in rpcbind when the dispatcher is gone, as its listeners stay: the next one has the same. */
  #keep(request: RpcRequest): void {
    if (request.kind === 'register') this.#registrar.register(request.id, request.registration);
    else this.#registrar.unregister(request.id);
  }

  #giveName({ id }: Request, name: HostName): void {
    this.#give({ id, kind: 'name', name });
  }

  #giveDecision({ id }: Request, decision: Decision): void {
    this.#give({ id, kind: 'decide', decision });
  }

  #give(answer: Answer): void {
    const packet = encodeAnswer(answer);
    if (packet) this.#link.send(packet);
  }
}
