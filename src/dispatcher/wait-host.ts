import type { Sight, WaitListener } from '../listeners/wait-listener.ts';
import type { Endpoint } from '../model/address.ts';
import type { Refusal } from '../model/verdict.ts';
import { fullPatience, losePatience, type Patience } from '../supervise/patience.ts';
import { policyOf } from './floor.ts';
import type { Guest } from './guest.ts';
import type { ListenerParts } from './opening.ts';
import { type Admission, guestOf, receive } from './receive.ts';
import { reserve } from './reserve.ts';
import { rulesOf } from './rules.ts';

/** A handler that ends sooner than this, and has taken nothing, was of no use. */
const SOON_MS = 1000;

/** What a handler was launched for. */
interface Occasion {
  readonly sight: Sight | undefined;
  readonly atMs: number;
}

/** Starts one handler after the other for a socket that each of them gets itself. */
export class WaitHost {
  readonly #parts: ListenerParts;
  readonly #listener: () => WaitListener;
  readonly #service: number;
  readonly #local: Endpoint;
  #patience: Patience = fullPatience(0);
  #isTold = false;

  constructor(options: {
    readonly parts: ListenerParts;
    readonly service: number;
    /** Where it listens. */
    readonly local: Endpoint;
    readonly listener: () => WaitListener;
  }) {
    this.#parts = options.parts;
    this.#service = options.service;
    this.#local = options.local;
    this.#listener = options.listener;
  }

  /** Facts, decision, and what follows, for whoever is the first in the listener. */
  onArrival(sight: Sight): void {
    const { floor, nextId } = this.#parts;
    const listener = this.#listener();
    const connection = { id: nextId(), service: this.#service, peer: sight.sender, isClaimed: true };
    /** More may have come while somebody was asked. */
    let current: Sight | undefined = sight;
    const guest = guestOf(floor(), { connection, local: this.#local, descriptor: undefined });
    const isDecided = receive(floor(), guest, {
      admitted: (informed, admission) => {
        this.#launch(informed, { admission, sight: current ?? listener.look() });
        listener.resume('asking');
      },
      refused: (informed, refusal) => {
        this.#refuse(informed, refusal);
        listener.resume('asking');
      },
    });
    current = undefined;
    if (!isDecided) listener.pause('asking');
  }

  #launch(
    guest: Guest,
    { admission, sight }: { readonly admission: Admission; readonly sight: Sight | undefined },
  ): void {
    const floor = this.#parts.floor();
    const listener = this.#listener();
    const { connection } = guest;
    const { ticket, severity } = reserve(floor, guest, admission);
    const occasion = { sight, atMs: floor.world.nowMs() };
    const letGo = listener.hold();
    const spend = (): void => {
      ticket.spend();
      this.#handlerEnded(occasion);
      letGo();
    };
    floor.children.launch({ connection, ticket: { spend }, severity, sinceMs: floor.timings.start() });
    const { variant } = admission;
    const { plan } = rulesOf(floor.rules, this.#service);
    const who = { peer: connection.peer, local: this.#local, isDatagram: listener.hasSenders };
    const told = { client: { ...who, isWaiting: true, id: connection.id }, plan };
    const { id, service, peer } = connection;
    floor.link.send({ type: 'launch_wait', id, service, peer, variant, listener: listener.row, told });
    floor.pacer.look(this.#service);
    floor.onLaunch(this.#service);
  }

  #refuse(guest: Guest, refusal: Refusal): void {
    const floor = this.#parts.floor();
    const listener = this.#listener();
    if (listener.hasSenders) {
      listener.drop();
      floor.refusals.refuse(floor.rules, { guest, refusal });
      return;
    }
    const accepted = listener.accept();
    if (!accepted) return;
    const { connection: descriptor, peer } = accepted;
    const connection = { id: guest.connection.id, service: this.#service, peer };
    const known = guestOf(floor, { connection, local: this.#local, descriptor });
    floor.refusals.refuse(floor.rules, { guest: known, refusal });
  }

  /** It has ended, or has failed to start. */
  #handlerEnded({ sight, atMs }: Occasion): void {
    const { world } = this.#parts.floor();
    const nowMs = world.nowMs();
    const isUntouched = sight !== undefined && this.#listener().isAsAt(sight);
    if (isUntouched && nowMs - atMs < SOON_MS) this.#rest(nowMs);
    else this.#recover(nowMs);
  }

  /** A handler that never reads must not be started as fast as it ends (S66). */
  #rest(nowMs: number): void {
    const { patience, waitMs } = losePatience(this.#patience, nowMs);
    this.#patience = patience;
    if (waitMs === 0) return;
    const { bus, world } = this.#parts.floor();
    const listener = this.#listener();
    listener.pause('fruitless');
    world.after(waitMs, () => listener.resume('fruitless'));
    if (this.#isTold) return;
    this.#isTold = true;
    bus.emit({ type: 'fruitless', service: this.#name, retryMs: waitMs });
  }

  #recover(nowMs: number): void {
    this.#patience = fullPatience(nowMs);
    if (!this.#isTold) return;
    this.#isTold = false;
    this.#parts.floor().bus.emit({ type: 'resumed', service: this.#name });
  }

  get #name(): string {
    return policyOf(this.#parts.floor(), this.#service).name;
  }
}
