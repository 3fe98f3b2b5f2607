import { Bus } from '../events/bus.ts';
import { type EventType, NO_NUMBER, type SpawnerEvent } from '../launch/spawner-event.ts';
import { SpawnerLink } from '../launch/spawner-link.ts';
import { InvariantError } from '../model/errors.ts';
import { EXIT } from '../model/exit-code.ts';
import type { Policy } from '../model/policy.ts';
import type { Binding } from '../native/binding.ts';
import type { Descriptor } from '../native/descriptor.ts';
import { Poller } from '../native/poller.ts';
import { ResolverClient } from '../resolver/client.ts';
import { ChildTable } from '../supervise/child-table.ts';
import { AcceptGate } from './accept-gate.ts';
import { atOnce } from './at-once.ts';
import { connectionIds } from './connection-ids.ts';
import { Deciders } from './deciders.ts';
import { Departure } from './departure.ts';
import type { Desks } from './desks.ts';
import { type Floor, policyOf } from './floor.ts';
import type { StateSources } from './gather-state.ts';
import { lackEvents } from './lacks.ts';
import { layFloor } from './lay-floor.ts';
import { Listeners } from './listeners.ts';
import { Losses } from './losses.ts';
import { makeDesks } from './make-desks.ts';
import { ManagerStatus } from './manager-status.ts';
import { NotTaken } from './not-taken.ts';
import {
  adoptChild,
  handlerExited,
  handlerStarted,
  launchFailed,
  launchNotTaken,
  strangerExited,
} from './outcome.ts';
import { OutletRequests } from './outlet-requests.ts';
import { Phase } from './phase.ts';
import { prepareRules } from './prepare-rules.ts';
import { readPolicy } from './read-policy.ts';
import { Registrations } from './registrations.ts';
import { Reloads } from './reloads.ts';
import { ResolverLife } from './resolver-life.ts';
import { StateDump } from './state-dump.ts';
import { Tally } from './tally.ts';
import { ToldOnce } from './told-once.ts';
import { Upgrades } from './upgrades.ts';
import type { World } from './world.ts';

const ABOUT_HANDLERS: ReadonlySet<EventType> = new Set(['child', 'launched', 'words', 'failed', 'exited']);

/** Composes everything: events of the spawner come in, connections go to `serve`. */
export class Dispatcher {
  readonly #binding: Binding;
  readonly #world: World;
  readonly #poller: Poller;
  readonly #bus = new Bus();
  readonly #once = new ToldOnce(this.#bus);
  readonly #gate: AcceptGate;
  readonly #listeners: Listeners;
  readonly #link: SpawnerLink;
  readonly #children = new ChildTable();
  readonly #reloads: Reloads;
  #floor: Floor | undefined;
  #nextId: () => number = connectionIds(0);
  readonly #departure: Departure;
  readonly #resolver: ResolverClient;
  readonly #deciders: Deciders;
  readonly #resolvers: ResolverLife;
  readonly #registrations: Registrations;
  readonly #outlets: OutletRequests;
  readonly #tally = new Tally();
  readonly #phase: Phase;
  readonly #stateDump: StateDump;
  readonly #notTaken: NotTaken;
  readonly #desks: Desks;
  readonly #upgrades: Upgrades;

  constructor(options: { binding: Binding; channel: Descriptor; world: World }) {
    this.#binding = options.binding;
    this.#world = options.world;
    this.#poller = new Poller(options.binding, { after: options.world.after });
    this.#bus.subscribe(options.world.log.subscriber);
    this.#bus.subscribe(this.#tally.take);
    this.#phase = new Phase(options.world.nowMs());
    this.#bus.subscribe(this.#phase.take);
    this.#gate = new AcceptGate(this.#bus, options.world);
    const parts = { binding: options.binding, poller: this.#poller, floor: () => this.#served };
    this.#upgrades = new Upgrades({
      ...{ world: options.world, bus: this.#bus, floor: () => this.#served },
      ...{ listeners: () => this.#listeners, leave: () => this.#departure.leave(EXIT.ok) },
    });
    this.#listeners = new Listeners({
      ...{ ...parts, gate: this.#gate, desks: () => this.#desks },
      ...{ nextId: () => this.#nextId(), losses: this.#losses() },
    });
    const sources = this.#stateSources();
    this.#stateDump = new StateDump({ world: options.world, bus: this.#bus, sources });
    this.#resolver = new ResolverClient({
      ...{ binding: options.binding, poller: this.#poller, after: options.world.after },
      now: () => performance.now(),
    });
    this.#resolvers = new ResolverLife({ bus: this.#bus, client: this.#resolver });
    this.#registrations = new Registrations({
      ...{ bus: this.#bus, resolver: this.#resolver },
      services: () => this.#floor?.rules.policy.services ?? [],
    });
    this.#reloads = new Reloads({
      ...{ world: options.world, bus: this.#bus, floor: () => this.#served, listeners: this.#listeners },
      nextId: () => this.#nextId(),
      onRenewed: () => this.#onRenewed(),
    });
    this.#departure = new Departure({
      ...{ world: options.world, bus: this.#bus, children: this.#children, listeners: this.#listeners },
      ...{ registrations: this.#registrations, reloads: this.#reloads, floor: () => this.#floor },
      ...{ link: () => this.#link, desks: () => this.#desks },
    });
    this.#desks = makeDesks({
      ...{ ...parts, world: options.world, bus: this.#bus, state: this.#stateSources() },
      ...{ reloads: this.#reloads, resolver: this.#resolver, upgrades: this.#upgrades },
    });
    this.#link = this.#openLink(options.channel);
    this.#outlets = new OutletRequests({ link: this.#link, after: options.world.after });
    this.#deciders = this.#makeDeciders();
    this.#notTaken = new NotTaken({
      ...{ bus: this.#bus, listeners: this.#listeners, outlets: this.#outlets, deciders: this.#deciders },
      onLaunch: ({ id, service }, failure) =>
        this.#afterLaunch(service, () => launchNotTaken(this.#served, id, failure)),
    });
  }

  #openLink(channel: Descriptor): SpawnerLink {
    return new SpawnerLink({
      ...{ binding: this.#binding, poller: this.#poller, channel },
      handlers: {
        peerOf: (id) => this.#children.find(id)?.connection.peer,
        onEvent: (event, descriptor) => this.#onEvent(event, descriptor),
        onUnsent: (request, code) => this.#notTaken.unsent(request, code),
        onGone: () => this.#upgrades.finish() || this.#departure.spawnerGone(),
      },
    });
  }

  #makeDeciders(): Deciders {
    return new Deciders({
      ...{ binding: this.#binding, poller: this.#poller, link: this.#link, world: this.#world },
      nextId: () => this.#nextId(),
      onFailed: (service, failure) =>
        this.#once.emit({ type: 'decider-failed', service: policyOf(this.#served, service).name, failure }),
    });
  }

  #onEvent(event: SpawnerEvent, descriptor: Descriptor | undefined): void {
    if (this.#deciders.take(event) || this.#outlets.take(event, descriptor)) return;
    if (event.service === NO_NUMBER && ABOUT_HANDLERS.has(event.type)) this.#onRemoved(event, descriptor);
    else this.#reactions[event.type](event, descriptor);
  }

  /** Of a service that a reload has taken out: what this dispatcher has launched for it, it still knows. */
  #onRemoved(event: SpawnerEvent, descriptor: Descriptor | undefined): void {
    const service = this.#children.find(event.id)?.connection.service;
    if (service !== undefined) {
      this.#reactions[event.type]({ ...event, service }, descriptor);
      return;
    }
    this.#served.standardErrors.take(event, descriptor);
    if (event.type === 'exited') strangerExited(this.#served, event);
  }

  /** One row for each thing that the spawner can say. */
  readonly #reactions: Record<EventType, (event: SpawnerEvent, descriptor: Descriptor | undefined) => void> =
    {
      hello: (event, descriptor) => this.#onHello(event, descriptor),
      listener: (event, descriptor) => this.#listeners.take(event, descriptor),
      child: (event, descriptor) => this.#onChild(event, descriptor),
      start: () => this.#onStart(),
      launched: (event) => this.#onLaunched(event),
      words: (event, descriptor) => this.#served.standardErrors.take(event, descriptor),
      failed: (event) => this.#afterLaunch(event.service, () => launchFailed(this.#served, event)),
      exited: (event, descriptor) => this.#onExited(event, descriptor),
      refused: (event) => this.#notTaken.refused(event),
      stopping: () => this.#departure.begin(),
      bye: ({ id: running }) => this.#departure.bye(running),
      reload: (event, descriptor) => this.#onReload(event, descriptor),
      resolver: (_, descriptor) => this.#resolvers.attach(descriptor),
      kept: (event) => this.#reloads.keep(event),
      outlet: () => {}, // whoever asked for it has taken it already
      dump: () => this.#stateDump.ask(),
      upgrade: (event, descriptor) => this.#upgrades.take(event, descriptor),
      ran: () => {}, // the link tells of it as `launched` and `exited`
    };

  #stateSources(): StateSources {
    const listeners = { states: () => this.#listeners.states() };
    return { floor: () => this.#served, listeners, tally: this.#tally, phase: this.#phase };
  }

  #losses(): Losses {
    const nameOf = (service: number): string => policyOf(this.#served, service).name;
    return new Losses({ bus: this.#bus, after: this.#world.after, nameOf });
  }

  get #served(): Floor {
    if (!this.#floor) throw new InvariantError('The spawner spoke before it said hello');
    return this.#floor;
  }

  #onHello(event: SpawnerEvent, descriptor: Descriptor | undefined): void {
    if (!descriptor) throw new InvariantError('The spawner said hello without a policy');
    const policy = atOnce(readPolicy(descriptor));
    this.#world.log.use({ policy, outlets: this.#outlets, tell: (told) => this.#bus.emit(told) });
    this.#floor = this.#layFloor(policy);
    this.#desks.look(policy);
    this.#nextId = connectionIds(event.id);
    this.#phase.begin({ ageMs: event.durationUs / 1000, nowMs: this.#world.nowMs() });
    if (event.slot !== 0n) this.#bus.emit({ type: 'upgraded', version: this.#world.version });
    else if (event.id > 1) this.#bus.emit({ type: 'dispatcher-restarted', times: event.id - 1 });
    else for (const lack of lackEvents(event.status)) this.#bus.emit(lack);
  }

  #layFloor(policy: Policy): Floor {
    return layFloor(prepareRules(policy), {
      ...{
        binding: this.#binding,
        poller: this.#poller,
        world: this.#world,
        bus: this.#bus,
        gate: this.#gate,
        tally: this.#tally,
      },
      ...{ children: this.#children, link: this.#link, resolver: this.#resolver, deciders: this.#deciders },
      ...{ outlets: this.#outlets, timings: this.#desks.timings },
      nextId: () => this.#nextId(),
      onLaunch: (service) => this.#pace(service),
      hold: (row) => this.#listeners.hold(row),
    });
  }

  #onStart(): void {
    if (this.#listeners.isStarted) {
      this.#reloads.done();
      return;
    }
    const outlook = this.#listeners.start();
    for (const service of this.#served.rules.services.keys()) this.#served.pacer.look(service);
    this.#link.send({ type: 'ready' });
    this.#served.pools.look();
    const { services: all, errors } = this.#served.rules.policy;
    const { length: services } = all;
    this.#bus.emit({ type: 'ready', services, adopted: this.#children.running, errors });
    this.#reloads.start();
    new ManagerStatus(this.#served).start();
    if (outlook === 'in vain') this.#link.send({ type: 'stop' });
  }

  #onChild(event: SpawnerEvent, descriptor: Descriptor | undefined): void {
    adoptChild(this.#served, event);
    this.#served.standardErrors.take(event, descriptor);
  }

  #onLaunched(event: SpawnerEvent): void {
    this.#afterLaunch(event.service, () => handlerStarted(this.#served, event));
    const service = policyOf(this.#served, event.service).name;
    if (event.status !== 0) this.#once.emit({ type: 'program-replaced', service });
  }

  /** The gate looks at how many launches are under way. */
  #pace(service: number): void {
    this.#gate.launching(this.#children.launching);
    this.#gate.launchingOf(service, this.#children.launchingOf(service));
  }

  #afterLaunch(service: number, react: () => void): void {
    react();
    this.#pace(service);
    this.#departure.look();
  }

  #onExited(event: SpawnerEvent, descriptor: Descriptor | undefined): void {
    this.#served.standardErrors.take(event, descriptor);
    this.#departure.ended(event.status);
    handlerExited(this.#served, event);
  }

  /** Once it is stopping, there is nobody left to decide about. */
  #onReload(event: SpawnerEvent, descriptor: Descriptor | undefined): void {
    if (this.#departure.isUnderWay) descriptor?.close();
    else this.#reloads.take(event, descriptor);
  }

  #onRenewed(): void {
    const { policy } = this.#served.rules;
    this.#registrations.look();
    this.#desks.look(policy);
    if (!policy.needsResolver) this.#registrations.whenIdle(() => this.#letResolverGo());
  }

  #letResolverGo(): void {
    if (!this.#served.rules.policy.needsResolver) this.#resolvers.letGo();
  }
}
