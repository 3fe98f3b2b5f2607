import { type Endpoint, formatAddress, isLinkLocal } from '../model/address.ts';
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
import { type Answer, decodeAnswer, encodeRequest, type Question, type Request } from './protocol.ts';
import { Quota } from './quota.ts';

/** Callers that may wait at once, in total and of one source: each holds a connection. */
const MOST_WAITING = { most: 256, mostOfOne: 8 };

/** A little more than the C library takes for two tries (worker-commands.ts). */
const DEADLINE_MS = 5000;

/** For a host to say who the client is: connecting, asking and the answer (S93). */
const IDENT_MS = 5000;

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

/** What all questions of a kind have in common. */
interface Kind<Reply> {
  /** Apart from that of other kinds, so that name servers which are silent stop no decision. */
  readonly quota: Quota;
  readonly open: OpenQuestions<Reply>;
  /** What a caller is told where too many are asked, where nobody can be asked, and where no answer comes in time. */
  readonly busy: Reply;
  readonly failed: Reply;
  readonly late: Reply;
}

const UNKNOWN = {
  busy: { kind: 'unknown', why: 'busy' },
  failed: { kind: 'unknown', why: 'failed' },
  late: { kind: 'unknown', why: 'timeout' },
} as const;

const UNDECIDED = {
  busy: { kind: 'undecided', why: 'busy' },
  failed: { kind: 'undecided', why: 'failed' },
  late: { kind: 'undecided', why: 'timeout' },
} as const;

const FAILED: Owner = { kind: 'failed' };

/**
 * The dispatcher's side of the resolver. Each call is answered exactly once: at once when the answer is known
 * or nobody can be asked, at the deadline at the latest. Whatever goes wrong, no name is `known` and nothing
 * `allowed`.
 */
export class ResolverClient {
  readonly #options: ResolverClientOptions;
  readonly #cache = new NameCache();
  readonly #names: Kind<HostName>;
  readonly #decisions: Kind<Decision>;
  readonly #owners: Kind<Owner>;
  readonly #idents: Kind<ClientIdent>;
  readonly #registrations: OpenRegistrations;
  #link: PacketLink | undefined;
  #lastId = 0;

  constructor(options: ResolverClientOptions) {
    const { after } = options;
    this.#options = options;
    this.#names = { quota: new Quota(MOST_WAITING), open: new OpenQuestions(after), ...UNKNOWN };
    this.#decisions = { quota: new Quota(MOST_WAITING), open: new OpenQuestions(after), ...UNDECIDED };
    const failed = { busy: FAILED, failed: FAILED, late: FAILED };
    this.#owners = { quota: new Quota(MOST_WAITING), open: new OpenQuestions(after), ...failed };
    this.#idents = { quota: new Quota(MOST_WAITING), open: new OpenQuestions(after), ...UNKNOWN };
    this.#registrations = new OpenRegistrations(after);
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
    const giveBack = known ? undefined : this.#names.quota.take(question.source);
    if (giveBack) this.#askName({ ...question, key, giveBack }, callback);
    else callback(known ?? this.#names.busy);
  }

  /** Asks the program that listens at `path`. Neither shared nor kept: the subjects differ. */
  decide(
    asking: Asking & { readonly path: string; readonly subject: DecisionSubject },
    callback: (decision: Decision) => void,
  ): void {
    const { path, subject, deadlineMs = DEADLINE_MS } = asking;
    const question: Question = { kind: 'decide', path, subject };
    this.#ask(this.#decisions, { ...asking, deadlineMs, question }, callback);
  }

  /** Whose a connection is, for ident: not kept, as it may be another's a moment later. */
  owner(
    asking: Asking & {
      readonly ends: OwnedConnection;
      readonly isNumeric: boolean;
      readonly noident: boolean;
    },
    callback: (owner: Owner) => void,
  ): void {
    const { ends, isNumeric, noident, deadlineMs = DEADLINE_MS } = asking;
    const [local, peer] = [endOf(ends.local), endOf(ends.peer)];
    const question: Question = { kind: 'owner', local, peer, isNumeric, noident };
    this.#ask(this.#owners, { ...asking, deadlineMs, question }, callback);
  }

  /** Asks the host of a client who the client is: not kept, as the next connection may be somebody else's. */
  identify(
    asking: Asking & { readonly ends: OwnedConnection },
    callback: (ident: ClientIdent) => void,
  ): void {
    const { ends, deadlineMs = IDENT_MS } = asking;
    const question: Question = { kind: 'ident', local: endOf(ends.local), peer: endOf(ends.peer) };
    this.#ask(this.#idents, { ...asking, deadlineMs, question }, callback);
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
    // Nobody else has the address of a link on other links: no name is worth a thing.
    if (isLinkLocal(address)) return { kind: 'unknown', why: 'none' };
    const cached = this.#cache.get(key, this.#options.now());
    return cached ?? (this.#link ? undefined : this.#names.failed);
  }

  /** One name serves all who wait for it. */
  #askName(
    question: Asking & { readonly address: Uint8Array; readonly key: string; giveBack(): void },
    callback: (name: HostName) => void,
  ): void {
    const { key, deadlineMs = DEADLINE_MS } = question;
    const { open, failed, late } = this.#names;
    const id = ++this.#lastId;
    const isNew = open.wait({ key, id, deadlineMs, late }, (name) => {
      question.giveBack();
      if (name === late) this.#cache.put(key, { name, nowMs: this.#options.now() });
      callback(name);
    });
    if (!isNew) return;
    const address = formatAddress(question.address);
    const isSent = this.#send({ id, deadlineMs: Math.ceil(deadlineMs), kind: 'name', address });
    if (!isSent) open.answer(id, failed);
  }

  /** A question of the caller's own, whose answer is of use to nobody else. */
  #ask<Reply>(
    { quota, open, busy, failed, late }: Kind<Reply>,
    asking: Required<Asking> & { readonly question: Question },
    callback: (reply: Reply) => void,
  ): void {
    const { source, deadlineMs, question } = asking;
    const giveBack = this.#link ? quota.take(source) : undefined;
    if (!giveBack) {
      callback(this.#link ? busy : failed);
      return;
    }
    const id = ++this.#lastId;
    open.wait({ key: String(id), id, deadlineMs, late }, (reply) => {
      giveBack();
      callback(reply);
    });
    const isSent = this.#send({ id, deadlineMs: Math.ceil(deadlineMs), ...question });
    if (!isSent) open.answer(id, failed);
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
    else if (answer.kind === 'decide') this.#decisions.open.answer(answer.id, answer.decision);
    else if (answer.kind === 'owner') this.#owners.open.answer(answer.id, answer.owner);
    else if (answer.kind === 'ident') this.#idents.open.answer(answer.id, answer.ident);
    else if (answer.kind === 'rpc') this.#registrations.onState(answer.id, answer.state);
    else this.#onName(answer.id, answer.name);
  }

  /** An answer may come too late, but not to a question that was never asked or another one. */
  #isExpected({ id, kind }: Answer): boolean {
    const asked = {
      name: this.#names.open.keyOf(id) !== undefined,
      decide: this.#decisions.open.keyOf(id) !== undefined,
      owner: this.#owners.open.keyOf(id) !== undefined,
      ident: this.#idents.open.keyOf(id) !== undefined,
      rpc: this.#registrations.has(id),
    };
    const isAnother = Object.values(asked).includes(true) && !asked[kind];
    return id <= this.#lastId && !isAnother;
  }

  #onName(id: number, name: HostName): void {
    const key = this.#names.open.keyOf(id);
    const isWorthKeeping = name.kind !== 'unknown' || name.why !== 'busy';
    if (key !== undefined && isWorthKeeping) this.#cache.put(key, { name, nowMs: this.#options.now() });
    this.#names.open.answer(id, name);
  }

  #onGone(): void {
    this.#link = undefined;
    this.#names.open.answerAll(this.#names.failed);
    this.#decisions.open.answerAll(this.#decisions.failed);
    this.#owners.open.answerAll(this.#owners.failed);
    this.#idents.open.answerAll(this.#idents.failed);
    this.#registrations.onGone();
  }
}
