import { type Endpoint, formatAddress } from '../model/address.ts';
import type { ClientIdent } from '../model/client-ident.ts';
import type { Decision, DecisionSubject } from '../model/decision.ts';
import type { HostName } from '../model/host-name.ts';
import type { OwnedConnection, Owner } from '../model/owner.ts';
import type { RpcRegistration, RpcState } from '../model/rpc.ts';
import type { Binding } from '../native/binding.ts';
import type { Descriptor } from '../native/descriptor.ts';
import type { Poller } from '../native/poller.ts';
import { NameCache } from './name-cache.ts';
import { OpenQuestions } from './open-questions.ts';
import { OpenRegistrations } from './open-registrations.ts';
import { PacketLink } from './packet-link.ts';
import { type Answer, decodeAnswer, encodeRequest, type Request } from './protocol.ts';
import { Quota } from './quota.ts';

/** Callers that may wait at once, in total and of one source: each holds a connection. */
const MOST_WAITING = { most: 256, mostOfOne: 8 };

/** A little more than the C library takes for two tries (worker-commands.ts). */
const DEADLINE_MS = 5000;

/** For a host to say who the client is: connecting, asking and the answer (S93). */
const IDENT_MS = 5000;

/** Nobody else has the address of a link on other links: no name is worth a thing. */
function isLinkLocal(address: Uint8Array): boolean {
  return address.length === 16 && address[0] === 0xfe && ((address[1] ?? 0) & 0xc0) === 0x80;
}

function endOf({ bytes, port }: Endpoint): { readonly address: string; readonly port: number } {
  return { address: formatAddress(bytes), port };
}

export interface ResolverClientOptions {
  readonly binding: Binding;
  readonly poller: Poller;
  /** Monotonic milliseconds. */
  now(): number;
  /** Calls back once, after a time; gives the function that calls it off. */
  after(delayMs: number, callback: () => void): () => void;
}

export interface Asking {
  /** On whose account: a source as limits see it. */
  readonly source: string | number;
  readonly deadlineMs?: number;
}

/**
 * The dispatcher's side of the resolver. Each call is answered exactly once: at once when the answer is known
 * or nobody can be asked, at the deadline at the latest. Whatever goes wrong, no name is `known` and nothing
 * `allowed`.
 */
export class ResolverClient {
  readonly #options: ResolverClientOptions;
  /** Apart from each other, so that name servers which are silent stop no decision. */
  readonly #quotas = {
    names: new Quota(MOST_WAITING),
    decisions: new Quota(MOST_WAITING),
    owners: new Quota(MOST_WAITING),
    idents: new Quota(MOST_WAITING),
  };
  readonly #cache = new NameCache();
  readonly #names: OpenQuestions<HostName>;
  readonly #decisions: OpenQuestions<Decision>;
  readonly #owners: OpenQuestions<Owner>;
  readonly #idents: OpenQuestions<ClientIdent>;
  readonly #registrations: OpenRegistrations;
  #link: PacketLink | undefined;
  #lastId = 0;

  constructor(options: ResolverClientOptions) {
    this.#options = options;
    this.#names = new OpenQuestions(options.after);
    this.#decisions = new OpenQuestions(options.after);
    this.#owners = new OpenQuestions(options.after);
    this.#idents = new OpenQuestions(options.after);
    this.#registrations = new OpenRegistrations(options.after);
  }

  /** Takes the channel of a new resolver, and gives up the one before. */
  attach(channel: Descriptor): void {
    this.close();
    const { binding, poller } = this.#options;
    const handlers = {
      onPacket: (packet: Uint8Array) => this.#onPacket(packet),
      onGone: () => this.#onGone(),
    };
    this.#link = new PacketLink({ binding, poller, channel, handlers });
    for (const request of this.#registrations.requests()) this.#send(request);
  }

  /** `address`: the 4 or 16 bytes of an address, in network order. */
  lookup(question: Asking & { readonly address: Uint8Array }, callback: (name: HostName) => void): void {
    const key = Buffer.from(question.address).toString('hex');
    const known = this.#withoutAsking(question.address, key);
    const giveBack = known ? undefined : this.#quotas.names.take(question.source);
    if (giveBack) this.#askName({ ...question, key, giveBack }, callback);
    else callback(known ?? { kind: 'unknown', why: 'busy' });
  }

  /** Asks the program that listens at `path`. Neither shared nor kept: the subjects differ. */
  decide(
    question: Asking & { readonly path: string; readonly subject: DecisionSubject },
    callback: (decision: Decision) => void,
  ): void {
    const giveBack = this.#link ? this.#quotas.decisions.take(question.source) : undefined;
    if (giveBack) this.#askDecision({ ...question, giveBack }, callback);
    else callback({ kind: 'undecided', why: this.#link ? 'busy' : 'failed' });
  }

  /** Whose a connection is, for ident: not kept, as it may be another's a moment later. */
  owner(
    question: Asking & {
      readonly ends: OwnedConnection;
      readonly isNumeric: boolean;
      readonly noident: boolean;
    },
    callback: (owner: Owner) => void,
  ): void {
    const failed: Owner = { kind: 'failed' };
    const giveBack = this.#link ? this.#quotas.owners.take(question.source) : undefined;
    if (!giveBack) {
      callback(failed);
      return;
    }
    const { ends, isNumeric, noident, deadlineMs = DEADLINE_MS } = question;
    const id = ++this.#lastId;
    this.#owners.wait({ key: String(id), id, deadlineMs, late: failed }, (owner) => {
      giveBack();
      callback(owner);
    });
    const [local, peer] = [endOf(ends.local), endOf(ends.peer)];
    const request: Request = {
      id,
      deadlineMs: Math.ceil(deadlineMs),
      kind: 'owner',
      local,
      peer,
      isNumeric,
      noident,
    };
    if (!this.#send(request)) this.#owners.answer(id, failed);
  }

  /** Asks the host of a client who the client is: not kept, as the next connection may be somebody else's. */
  identify(
    question: Asking & { readonly ends: OwnedConnection },
    callback: (ident: ClientIdent) => void,
  ): void {
    const giveBack = this.#link ? this.#quotas.idents.take(question.source) : undefined;
    if (!giveBack) {
      callback({ kind: 'unknown', why: this.#link ? 'busy' : 'failed' });
      return;
    }
    const { ends, deadlineMs = IDENT_MS } = question;
    const id = ++this.#lastId;
    const late: ClientIdent = { kind: 'unknown', why: 'timeout' };
    this.#idents.wait({ key: String(id), id, deadlineMs, late }, (ident) => {
      giveBack();
      callback(ident);
    });
    const [local, peer] = [endOf(ends.local), endOf(ends.peer)];
    const isSent = this.#send({ id, deadlineMs: Math.ceil(deadlineMs), kind: 'ident', local, peer });
    if (!isSent) this.#idents.answer(id, { kind: 'unknown', why: 'failed' });
  }

  /**
   * Has rpcbind hold a registration, by this resolver and all after it, and tells what becomes of it. Gives what
   * `unregister` takes.
   */
  register(registration: RpcRegistration, onState: (state: RpcState) => void): number {
    const id = ++this.#lastId;
    this.#send(this.#registrations.add(id, registration, onState));
    return id;
  }

  /** Whoever registered it is told the end, after `deadlineMs` at the latest, and then no more. */
  unregister(id: number, deadlineMs: number): void {
    const request = this.#registrations.withdraw(id, deadlineMs);
    this.#send(request);
    if (!this.#link) this.#registrations.onGone();
  }

  #withoutAsking(address: Uint8Array, key: string): HostName | undefined {
    if (isLinkLocal(address)) return { kind: 'unknown', why: 'none' };
    const cached = this.#cache.get(key, this.#options.now());
    return cached ?? (this.#link ? undefined : { kind: 'unknown', why: 'failed' });
  }

  #askName(
    question: Asking & { readonly address: Uint8Array; readonly key: string; giveBack(): void },
    callback: (name: HostName) => void,
  ): void {
    const { key, deadlineMs = DEADLINE_MS } = question;
    const id = ++this.#lastId;
    const late: HostName = { kind: 'unknown', why: 'timeout' };
    const isNew = this.#names.wait({ key, id, deadlineMs, late }, (name) => {
      question.giveBack();
      if (name === late) this.#cache.put(key, { name, nowMs: this.#options.now() });
      callback(name);
    });
    if (!isNew) return;
    const address = formatAddress(question.address);
    const isSent = this.#send({ id, deadlineMs: Math.ceil(deadlineMs), kind: 'name', address });
    if (!isSent) this.#names.answer(id, { kind: 'unknown', why: 'failed' });
  }

  #askDecision(
    question: Asking & { readonly path: string; readonly subject: DecisionSubject; giveBack(): void },
    callback: (decision: Decision) => void,
  ): void {
    const { path, subject, deadlineMs = DEADLINE_MS } = question;
    const id = ++this.#lastId;
    const late: Decision = { kind: 'undecided', why: 'timeout' };
    this.#decisions.wait({ key: String(id), id, deadlineMs, late }, (decision) => {
      question.giveBack();
      callback(decision);
    });
    const isSent = this.#send({ id, deadlineMs: Math.ceil(deadlineMs), kind: 'decide', path, subject });
    if (!isSent) this.#decisions.answer(id, { kind: 'undecided', why: 'failed' });
  }

  /** Nobody can be asked any more, until the next `attach`. */
  close(): void {
    this.#link?.close();
    this.#onGone();
  }

  /** False when the request does not fit into a packet. */
  #send(request: Request): boolean {
    const packet = encodeRequest(request);
    if (packet) this.#link?.send(packet);
    return packet !== undefined;
  }

  #onPacket(packet: Uint8Array): void {
    const answer = decodeAnswer(packet);
    // A resolver that sends nonsense is not asked again: without a channel it ends, and the spawner starts another.
    if (!answer || !this.#isExpected(answer)) this.close();
    else if (answer.kind === 'decide') this.#decisions.answer(answer.id, answer.decision);
    else if (answer.kind === 'owner') this.#owners.answer(answer.id, answer.owner);
    else if (answer.kind === 'ident') this.#idents.answer(answer.id, answer.ident);
    else if (answer.kind === 'rpc') this.#registrations.onState(answer.id, answer.state);
    else this.#onName(answer.id, answer.name);
  }

  /** An answer may come too late, but not to a question that was never asked or another one. */
  #isExpected({ id, kind }: Answer): boolean {
    const asked = {
      name: this.#names.keyOf(id) !== undefined,
      decide: this.#decisions.keyOf(id) !== undefined,
      owner: this.#owners.keyOf(id) !== undefined,
      ident: this.#idents.keyOf(id) !== undefined,
      rpc: this.#registrations.has(id),
    };
    const isAnother = Object.values(asked).includes(true) && !asked[kind];
    return id <= this.#lastId && !isAnother;
  }

  #onName(id: number, name: HostName): void {
    const key = this.#names.keyOf(id);
    const isWorthKeeping = name.kind !== 'unknown' || name.why !== 'busy';
    if (key !== undefined && isWorthKeeping) this.#cache.put(key, { name, nowMs: this.#options.now() });
    this.#names.answer(id, name);
  }

  #onGone(): void {
    this.#link = undefined;
    this.#names.answerAll({ kind: 'unknown', why: 'failed' });
    this.#decisions.answerAll({ kind: 'undecided', why: 'failed' });
    this.#owners.answerAll({ kind: 'failed' });
    this.#idents.answerAll({ kind: 'unknown', why: 'failed' });
    this.#registrations.onGone();
  }
}
