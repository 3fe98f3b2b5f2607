import { Bus } from '../events/bus.ts';
import { REQUEST_TYPES, type Request } from '../launch/request.ts';
import type { EventType, SpawnerEvent } from '../launch/spawner-event.ts';
import { SpawnerLink } from '../launch/spawner-link.ts';
import { StreamListener } from '../listeners/stream-listener.ts';
import type { Endpoint } from '../model/address.ts';
import { InvariantError, SyscallError } from '../model/errors.ts';
import { EXIT } from '../model/exit-code.ts';
import type { Binding } from '../native/binding.ts';
import type { Descriptor } from '../native/descriptor.ts';
import { errnoName } from '../native/errno.ts';
import { Poller } from '../native/poller.ts';
import { ChildTable } from '../supervise/child-table.ts';
import { Ledger } from '../supervise/ledger.ts';
import { AcceptGate } from './accept-gate.ts';
import { configuredListener } from './configured-listener.ts';
import { lackEvents } from './lacks.ts';
import { adoptChild, handlerExited, handlerStarted, launchFailed, launchNotTaken } from './outcome.ts';
import { readPolicy } from './read-policy.ts';
import { connectionIds, type Floor, policyOf, serve } from './serve.ts';
import type { World } from './world.ts';

/** Composes everything: events of the spawner come in, connections go to `serve`. */
export class Dispatcher {
  readonly #binding: Binding;
  readonly #world: World;
  readonly #poller: Poller;
  readonly #bus = new Bus();
  readonly #gate: AcceptGate;
  readonly #link: SpawnerLink;
  readonly #children = new ChildTable();
  #floor: Floor | undefined;
  #nextId: () => number = connectionIds(0);
  /** Services whose program is another than at the start: told once. */
  readonly #replaced = new Set<number>();
  #stopping = false;
  #killed = 0;

  constructor(options: { binding: Binding; channel: Descriptor; world: World }) {
    this.#binding = options.binding;
    this.#world = options.world;
    this.#poller = new Poller(options.binding);
    this.#bus.subscribe(options.world.log.subscriber);
    this.#gate = new AcceptGate(this.#bus, options.world);
    this.#link = new SpawnerLink({
      binding: options.binding,
      poller: this.#poller,
      channel: options.channel,
      handlers: {
        onEvent: (event, descriptor) => this.#reactions[event.type](event, descriptor),
        onUnsent: (request, code) => this.#onUnsent(request, code),
        onGone: () => this.#onSpawnerGone(),
      },
    });
  }

  /** One row for each thing that the spawner can say. */
  readonly #reactions: Record<EventType, (event: SpawnerEvent, descriptor: Descriptor | undefined) => void> =
    {
      hello: (event, descriptor) => this.#onHello(event, descriptor),
      listener: (event, descriptor) => this.#onListener(event, descriptor),
      child: (event) => adoptChild(this.#served, event),
      start: () => this.#onStart(),
      launched: (event) => this.#afterLaunch(event.service, () => this.#onLaunched(event)),
      failed: (event) => this.#afterLaunch(event.service, () => launchFailed(this.#served, event)),
      exited: (event) => this.#onExited(event),
      refused: (event) => this.#onRefused(event),
      stopping: () => this.#onStopping(),
      bye: () => this.#onBye(),
      reload: () => this.#bus.emit({ type: 'reload-unsupported' }),
    };

  get #served(): Floor {
    if (!this.#floor) throw new InvariantError('The spawner spoke before it said hello');
    return this.#floor;
  }

  #onHello(event: SpawnerEvent, descriptor: Descriptor | undefined): void {
    if (!descriptor) throw new InvariantError('The spawner said hello without a policy');
    const policy = readPolicy(descriptor);
    const ledger = new Ledger(policy.services.length);
    this.#floor = { policy, ledger, children: this.#children, link: this.#link, bus: this.#bus };
    this.#nextId = connectionIds(event.id);
    if (event.id > 1) this.#bus.emit({ type: 'dispatcher-restarted', times: event.id - 1 });
    else for (const lack of lackEvents(event.status)) this.#bus.emit(lack);
  }

  #onListener(event: SpawnerEvent, descriptor: Descriptor | undefined): void {
    const { service, name, configured } = configuredListener(this.#served.policy, event.service);
    if (!descriptor) {
      this.#bus.emit({
        type: 'listen-failed',
        service: name,
        local: configured,
        code: errnoName(event.errno),
      });
      return;
    }
    const listener: StreamListener = new StreamListener({
      binding: this.#binding,
      poller: this.#poller,
      descriptor,
      service,
      handlers: {
        onConnection: (connection, peer) => this.#onConnection(listener, { connection, peer, name }),
        onStarved: (code) => this.#gate.starved(listener, { service: name, code }),
      },
    });
    this.#gate.add(listener);
  }

  #onStart(): void {
    let listening = 0;
    for (const listener of this.#gate.listeners) {
      listening++;
      const service = policyOf(this.#served, listener.service).name;
      this.#bus.emit({ type: 'listening', service, local: listener.local() });
      listener.start();
    }
    this.#link.send({ type: 'ready' });
    const services = this.#served.policy.services.length;
    this.#bus.emit({ type: 'ready', services, adopted: this.#children.running });
    if (listening === 0 && services > 0) this.#link.send({ type: 'stop' });
  }

  #onConnection(
    listener: StreamListener,
    arrival: { connection: Descriptor; peer: Endpoint; name: string },
  ): boolean {
    this.#gate.recovered(listener, arrival.name);
    const { peer } = arrival;
    serve(this.#served, { id: this.#nextId(), service: listener.service, peer }, arrival.connection);
    this.#pace(listener.service);
    return true;
  }

  #onLaunched(event: SpawnerEvent): void {
    handlerStarted(this.#served, event);
    if (event.status === 0 || this.#replaced.has(event.service)) return;
    this.#replaced.add(event.service);
    this.#bus.emit({ type: 'program-replaced', service: policyOf(this.#served, event.service).name });
  }

  /** The gate looks at how many launches are under way. */
  #pace(service: number): void {
    this.#gate.launching(this.#children.launching);
    this.#gate.launchingOf(service, this.#children.launchingOf(service));
  }

  #afterLaunch(service: number, react: () => void): void {
    react();
    this.#pace(service);
    if (this.#stopping) this.#tellDrained();
  }

  #onExited(event: SpawnerEvent): void {
    if (this.#stopping && (event.status & 0x7f) !== 0) this.#killed++;
    handlerExited(this.#served, event);
  }

  #onRefused(event: SpawnerEvent): void {
    const names = Object.entries(REQUEST_TYPES).find(([, number]) => number === event.status);
    const code = errnoName(event.errno);
    this.#bus.emit({ type: 'request-refused', request: names?.[0] ?? 'unknown', code });
    if (event.status !== REQUEST_TYPES.launch) return;
    this.#afterLaunch(event.service, () => launchNotTaken(this.#served, event.id, { step: 'refused', code }));
  }

  #onUnsent(request: Request, code: string): void {
    if (request.type !== 'launch') throw new SyscallError({ call: 'send to', subject: 'the spawner', code });
    this.#afterLaunch(request.service, () =>
      launchNotTaken(this.#served, request.id, { step: 'send', code }),
    );
  }

  #onStopping(): void {
    this.#stopping = true;
    this.#gate.close();
    this.#bus.emit({ type: 'stopping', running: this.#children.running + this.#children.launching });
    this.#tellDrained();
  }

  #tellDrained(): void {
    if (this.#children.launching === 0) this.#link.send({ type: 'drained' });
  }

  #onBye(): void {
    this.#bus.emit({ type: 'stopped', killed: this.#killed });
    this.#leave(EXIT.ok);
  }

  #onSpawnerGone(): void {
    this.#bus.emit({ type: 'spawner-gone' });
    this.#leave(EXIT.system);
  }

  #leave(code: number): void {
    this.#world.log.flush();
    this.#world.exit(code);
  }
}
