import { MOST_PENALTY_MS, type Shape, SUSPEND_MS, THRESHOLD_MS } from './shape.ts';

const STARVED_MS = 250;
const DRAIN_LOOK_MS = 50;
const RATE = 'connections per second';
const ACCEPTS_PER_TURN = 16;
/** Of one service, in the middle of being launched. */
const [MOST_LAUNCHES, FEW_LAUNCHES] = [32, 16];

/** A client that waits in the backlog, or has a place; nobody knows who it is where a handler has the listener. */
export interface Guest {
  readonly source: number | undefined;
  readonly port: number;
  readonly isGone: boolean;
  /** Which of the sockets that the service has had one after the other it came to. */
  readonly socket: number;
}

/** Tells guests apart: by the port of the client, or, where that is nobody's, by the listener that the handler has. */
export type Who = Pick<Guest, 'port'> & Partial<Pick<Guest, 'socket'>>;

/** What a service is, whether the configuration has it at the moment or not. */
export class ServiceModel {
  shape: Shape;
  isPresent = true;
  isEnabled = true;
  queue: Guest[] = [];
  /** accept(2) will fail so often. */
  failing = 0;
  starvedUntil = 0;
  suspendedUntil = 0;
  /** By the rate: when the next one was due if all had come evenly. */
  dueAt = 0;
  readonly dueAtOf: Map<number, number> = new Map();
  drainLookAt: number | undefined;
  isHeldForLaunches = false;
  socket = 0;
  readonly launching: Guest[] = [];
  readonly running: Guest[] = [];
  readonly counts = { started: 0, failed: 0, ended: 0, refused: 0 };
  readonly refusedFor: Record<string, number> = {};
  /** Connections that were taken out of a backlog, by us or for a handler of the listener. */
  accepted = 0;

  constructor(shape: Shape) {
    this.shape = shape;
  }

  get places(): readonly Guest[] {
    return [...this.launching, ...this.running];
  }

  /** Milliseconds until the rate lets one more in. */
  waitMs(now: number): number {
    return waitOf(this.shape.cps, { dueAt: this.dueAt, now });
  }

  pauses(now: number): readonly string[] {
    const { shape } = this;
    const isFull = this.places.length >= shape.instances;
    const waits: readonly (readonly [string, boolean])[] = [
      ['descriptors', now < this.starvedUntil],
      ['launches-of-one', this.isHeldForLaunches],
      ['suspended', now < this.suspendedUntil],
      ['busy', shape.isWaiting && this.places.some(({ socket }) => socket === this.socket)],
      ['queue:instances', shape.atInstances === 'queue' && this.isEnabled && isFull],
      ['queue:cps', shape.atCps === 'queue' && this.isEnabled && this.waitMs(now) > 0],
    ];
    return waits.flatMap(([reason, isSo]) => (isSo ? [reason] : []));
  }

  state(now: number): string {
    if (!this.isEnabled) return this.drainLookAt === undefined ? 'disabled' : 'draining';
    if (now < this.suspendedUntil) return 'suspended';
    return this.pauses(now).some((reason) => reason !== 'busy') ? 'paused' : 'serving';
  }

  paced(): void {
    const { length } = this.launching;
    if (this.isHeldForLaunches) this.isHeldForLaunches = length > FEW_LAUNCHES;
    else this.isHeldForLaunches = length >= MOST_LAUNCHES;
  }
}

/** Exact in 65,536ths of a millisecond, as the program has it. */
function intervalOf(perSecond: number): number {
  return Math.ceil((1000 * 65_536) / perSecond) / 65_536;
}

/** Where a rate stands; 0: nobody has come yet. */
interface Moment {
  readonly dueAt: number;
  readonly now: number;
}

function waitOf(perSecond: number | undefined, { dueAt, now }: Moment): number {
  if (perSecond === undefined) return 0;
  return Math.max(0, Math.ceil(dueAt - (perSecond - 1) * intervalOf(perSecond) - now));
}

function nextDue(perSecond: number, { dueAt, now }: Moment): number {
  return Math.max(dueAt, now) + intervalOf(perSecond);
}

/** Of whom a verdict is: who connects to a listener that a handler has is its handler's to see, and anybody can be a sender. */
function clientOf({ isWaiting, isDatagram }: Shape, first: Guest): Guest {
  if (!isWaiting) return first;
  return isDatagram ? { ...first, isGone: false } : { ...first, source: undefined, port: 0, isGone: false };
}

/** What there is against a source: from the threshold on, a ban. */
interface Charge {
  readonly until: number;
  readonly isBan: boolean;
}

/** What must be so after anything that happened, as an operator would say it; knows nothing of how it is done. */
export class Model {
  readonly services: Map<string, ServiceModel> = new Map();
  /** Of all services together. */
  readonly #maxProcesses: number;
  readonly charges: Map<number, Charge> = new Map();
  now: number;
  /** States, pauses and reasons that there were so far. */
  readonly met: Set<string>;
  /** The next launch that is sent fails. */
  isShortOfMemory = false;
  isBusy = false;

  constructor(
    shapes: readonly Shape[],
    {
      maxProcesses,
      now,
      met,
    }: { readonly maxProcesses: number; readonly now: number; readonly met: Set<string> },
  ) {
    this.#maxProcesses = maxProcesses;
    this.now = now;
    this.met = met;
    for (const shape of shapes) this.services.set(shape.name, new ServiceModel(shape));
  }

  get present(): readonly ServiceModel[] {
    return [...this.services.values()].filter(({ isPresent }) => isPresent);
  }

  get bans(): number {
    return [...this.charges.keys()].filter((source) => this.#isBanned(source)).length;
  }

  #isBanned(source: number): boolean {
    const charge = this.charges.get(source);
    return charge?.isBan === true && charge.until > this.now;
  }

  #penalise(source: number, costMs: number): void {
    const { now } = this;
    const known = this.charges.get(source);
    const before = known && known.until > now ? known : { until: now, isBan: false };
    const until = Math.max(before.until, Math.min(before.until + costMs, now + MOST_PENALTY_MS));
    this.charges.set(source, { until, isBan: before.isBan || until >= now + THRESHOLD_MS });
  }

  of(name: string): ServiceModel {
    const found = this.services.get(name);
    if (!found) throw new Error(`The model has no service ${name}`);
    return found;
  }

  pass(durationMs: number): void {
    this.now += durationMs;
    for (const service of this.services.values()) this.#lookAtDrain(service);
    this.settle();
  }

  #lookAtDrain(service: ServiceModel): void {
    while (service.drainLookAt !== undefined && service.drainLookAt <= this.now) {
      const isOver = service.isEnabled || service.places.length === 0;
      service.drainLookAt = isOver ? undefined : service.drainLookAt + DRAIN_LOOK_MS;
    }
  }

  drain(name: string): void {
    const service = this.of(name);
    service.isEnabled = false;
    service.drainLookAt = service.places.length === 0 ? undefined : this.now + DRAIN_LOOK_MS;
    this.settle();
  }

  reload(shapes: readonly Shape[]): void {
    const names = new Set(shapes.map(({ name }) => name));
    for (const service of this.services.values()) {
      if (service.isPresent && !names.has(service.shape.name)) this.#close(service);
    }
    for (const shape of shapes) {
      const known = this.services.get(shape.name);
      if (!known) this.services.set(shape.name, new ServiceModel(shape));
      else {
        if (known.isPresent && known.shape.port !== shape.port) this.#close(known);
        known.shape = shape;
        known.isPresent = true;
      }
    }
    this.settle();
  }

  /** Whoever waited is lost with the socket; what runs goes on. */
  #close(service: ServiceModel): void {
    service.isPresent = false;
    service.socket++;
    service.queue = [];
    service.failing = 0;
    service.starvedUntil = 0;
  }

  launched(service: ServiceModel, who: Who): void {
    service.running.push(this.#leave(service.launching, who));
    service.counts.started++;
    service.paced();
    this.settle();
  }

  failed(service: ServiceModel, who: Who): void {
    const guest = this.#leave(service.launching, who);
    service.counts.failed++;
    service.paced();
    this.#gone(service, guest);
    this.settle();
  }

  exited(service: ServiceModel, { hasCrashed, ...who }: Who & { readonly hasCrashed: boolean }): void {
    const guest = this.#leave(service.running, who);
    service.counts.ended++;
    const { crashMs } = service.shape;
    const isProven = !service.shape.isWaiting;
    if (hasCrashed && isProven && crashMs !== undefined && guest.source !== undefined)
      this.#penalise(guest.source, crashMs);
    this.#gone(service, guest);
    this.settle();
  }

  /** It has taken everybody who waited, or they have given up. */
  #gone(service: ServiceModel, { socket }: Guest): void {
    if (service.shape.isWaiting && socket === service.socket) service.queue = [];
  }

  #leave(guests: Guest[], { port, socket }: Who): Guest {
    const at = guests.findIndex((it) => it.port === port && (port !== 0 || it.socket === socket));
    const [guest] = at < 0 ? [] : guests.splice(at, 1);
    if (!guest) throw new Error('The model has nobody there');
    return guest;
  }

  /** Everybody who waits and may be looked at is, service by service, as the played kernel does. */
  settle(): void {
    const services = this.present.toSorted((one, other) => (one.shape.name < other.shape.name ? -1 : 1));
    for (;;) {
      const next = services.find((service) => service.queue.length > 0 && this.#isLookedAt(service));
      if (!next) return;
      for (let count = 0; count < ACCEPTS_PER_TURN; count++) {
        if (next.queue.length === 0 || !this.#isLookedAt(next)) break;
        this.#acceptOne(next);
      }
    }
  }

  #isLookedAt(service: ServiceModel): boolean {
    return service.pauses(this.now).length === 0;
  }

  #acceptOne(service: ServiceModel): void {
    const { queue, shape } = service;
    const first = queue[0];
    if (!first) return;
    const who = clientOf(shape, first);
    if (!shape.isWaiting && this.#starves(service)) return;
    const reason = this.#verdict(service, who.source);
    if (reason !== undefined) {
      if (shape.isWaiting && !shape.isDatagram && this.#starves(service)) return;
      queue.shift();
      this.#refuse(service, reason);
      return;
    }
    service.accepted++;
    // Of a listener that a handler has, it is that who accepts.
    if (!shape.isWaiting) queue.shift();
    this.#charge(service, who.source);
    if (who.isGone || this.#isLost()) {
      service.counts.failed++;
      if (shape.isWaiting) return;
    } else service.launching.push(who);
    service.paced();
  }

  #charge(service: ServiceModel, source: number | undefined): void {
    const { now } = this;
    const { cps, ratePerSource } = service.shape;
    if (cps !== undefined) service.dueAt = nextDue(cps, { dueAt: service.dueAt, now });
    if (ratePerSource === undefined || source === undefined) return;
    const dueAt = service.dueAtOf.get(source) ?? 0;
    service.dueAtOf.set(source, nextDue(ratePerSource, { dueAt, now }));
  }

  #isLost(): boolean {
    const { isShortOfMemory } = this;
    this.isShortOfMemory = false;
    return isShortOfMemory;
  }

  #starves(service: ServiceModel): boolean {
    if (service.failing === 0) return false;
    service.failing--;
    service.starvedUntil = this.now + STARVED_MS;
    return true;
  }

  #refuse(service: ServiceModel, reason: string): void {
    service.accepted++;
    service.counts.refused++;
    service.refusedFor[reason] = (service.refusedFor[reason] ?? 0) + 1;
    const suspends = reason === RATE && service.shape.atCps === 'suspend';
    if (suspends && this.now >= service.suspendedUntil) service.suspendedUntil = this.now + SUSPEND_MS;
  }

  /** Identity first, the source's limits before the service's. */
  #verdict(service: ServiceModel, source: number | undefined): string | undefined {
    const { shape, places, isEnabled } = service;
    const all = [...this.services.values()].flatMap((each) => each.places);
    const own = (guests: readonly Guest[]): number =>
      source === undefined ? 0 : guests.filter((guest) => guest.source === source).length;
    if (!isEnabled) return 'disabled';
    if (source !== undefined && this.#isBanned(source)) return 'banned';
    const dueAt = source === undefined ? 0 : (service.dueAtOf.get(source) ?? 0);
    if (waitOf(shape.ratePerSource, { dueAt, now: this.now }) > 0) return 'per_source_rate';
    if (shape.perSource !== undefined && own(places) >= shape.perSource) return 'per_source_limit';
    if (service.waitMs(this.now) > 0) return RATE;
    if (places.length >= shape.instances) return 'service_limit';
    const most = this.#maxProcesses;
    if (own(all) >= most / 2 || all.length >= most) return 'process_limit';
    return undefined;
  }
}
