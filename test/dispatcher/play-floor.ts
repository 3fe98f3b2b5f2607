import { constants } from 'node:os';
import { AcceptGate } from '../../src/dispatcher/accept-gate.ts';
import type { Deciders } from '../../src/dispatcher/deciders.ts';
import type { Floor } from '../../src/dispatcher/floor.ts';
import { layFloor } from '../../src/dispatcher/lay-floor.ts';
import { handlerExited, handlerStarted } from '../../src/dispatcher/outcome.ts';
import { prepareRules } from '../../src/dispatcher/prepare-rules.ts';
import { serve } from '../../src/dispatcher/serve.ts';
import { Tally } from '../../src/dispatcher/tally.ts';
import { Timings } from '../../src/dispatcher/timings.ts';
import { Bus } from '../../src/events/bus.ts';
import type { ZinetdEvent } from '../../src/events/event.ts';
import type { SpawnerEvent } from '../../src/launch/spawner-event.ts';
import type { SpawnerLink } from '../../src/launch/spawner-link.ts';
import type { LiveListener } from '../../src/listeners/live-listener.ts';
import type { Endpoint } from '../../src/model/address.ts';
import type { Decision } from '../../src/model/decision.ts';
import type { HostName } from '../../src/model/host-name.ts';
import type { Policy, ServicePolicy } from '../../src/model/policy.ts';
import { Descriptor } from '../../src/native/descriptor.ts';
import type { Poller } from '../../src/native/poller.ts';
import type { ResolverClient } from '../../src/resolver/client.ts';
import { ChildTable } from '../../src/supervise/child-table.ts';
import { endpoint } from '../admission/example-facts.ts';
import { policyOf, servicePolicy } from '../admission/example-policy.ts';
import { fakeBinding } from '../listeners/fake-binding.ts';
import { FakeWorld } from './fake-world.ts';

/** Descriptors of connections begin here. */
const FIRST_FD = 100;

/** A cap without anything between soft and hard. */
export const cap = (hard: number) => ({ soft: hard, hard, dropPercent: 100 });

export function spawnerEvent(fields: Partial<SpawnerEvent>): SpawnerEvent {
  const zeros = { generation: 1, slot: 0n, service: 0, pid: 42, errno: 0, status: 0, maxRssKb: 0 };
  const usage = { userUs: 0, systemUs: 0, durationUs: 0 };
  const peer = endpoint('192.0.2.7', 4000);
  return { type: 'launched', id: 1, step: 'none', peer, listener: undefined, ...usage, ...zeros, ...fields };
}

/** A question that waits for its answer, which a test gives. */
interface Asked {
  readonly name: ((name: HostName) => void)[];
  readonly decision: ((decision: Decision) => void)[];
}

/** A floor whose spawner, listeners and resolver only remember what they were told. */
export class PlayFloor {
  readonly closed: number[] = [];
  readonly sent: unknown[] = [];
  readonly told: string[] = [];
  readonly events: ZinetdEvent[] = [];
  readonly listener: string[] = [];
  readonly asked: Asked = { name: [], decision: [] };
  readonly world: FakeWorld = new FakeWorld();
  readonly floor: Floor;
  readonly #binding;
  #nextId = 1;
  /** Clients have reset their connections. */
  isGone = false;

  constructor(services: readonly Partial<ServicePolicy>[], changes: Partial<Policy> = {}) {
    const bus = new Bus();
    bus.subscribe((event) => this.events.push(event));
    this.#binding = fakeBinding({
      close: (fd) => this.closed.push(fd) - this.closed.length,
      send: (_fd, bytes) => this.#tell(bytes),
      receive: () => -11,
    });
    const gate = new AcceptGate(bus, this.world);
    for (const service of services.keys()) gate.add(this.#listenerOf(service));
    const link = { send: (request: unknown) => void this.sent.push(request) } as unknown as SpawnerLink;
    const policy = policyOf(
      services.map((each) => servicePolicy({ perSource: undefined, ...each })),
      changes,
    );
    const { world } = this;
    const poller = { watch: () => {}, forget: () => {} } as unknown as Poller;
    const deciders = { ask: () => {} } as unknown as Deciders;
    const parts = {
      binding: this.#binding,
      poller,
      world,
      bus,
      gate,
      link,
      deciders,
      resolver: this.#resolver(),
    };
    this.floor = layFloor(prepareRules(policy), {
      ...parts,
      children: new ChildTable(),
      outlets: { open: () => {} },
      tally: new Tally(),
      timings: new Timings(world),
      nextId: () => this.#nextId++,
      onLaunch: () => {},
      hold: () => () => {},
    });
  }

  /** Nothing is sent to ask whether the client is there. */
  #tell(bytes: Uint8Array): number {
    if (this.isGone) return -constants.errno.ECONNRESET;
    if (bytes.length === 0) return 0;
    this.told.push(Buffer.from(bytes).toString('latin1'));
    return bytes.length;
  }

  #listenerOf(service: number): LiveListener {
    const note = (what: string) => (reason: string) => this.listener.push(`${service} ${what} ${reason}`);
    const noted = { pause: note('pause'), resume: note('resume') };
    return { service, ...noted, close: () => {} } as unknown as LiveListener;
  }

  #resolver(): ResolverClient {
    return {
      lookup: (_question: unknown, answer: (name: HostName) => void) => this.asked.name.push(answer),
      decide: (_question: unknown, answer: (decision: Decision) => void) => this.asked.decision.push(answer),
    } as unknown as ResolverClient;
  }

  /** A connection comes in; gives its id. Its descriptor is 100 more. */
  arrive(from = '192.0.2.7', service = 0, options: { readonly isClaimed?: boolean } = {}): number {
    const id = this.#nextId++;
    const peer: Endpoint = endpoint(from, 4000);
    const descriptor = new Descriptor(this.#binding, FIRST_FD + id);
    const connection = { id, service, peer, isClaimed: options.isClaimed };
    serve(this.floor, { connection, local: endpoint('127.0.0.1', 7000), descriptor });
    return id;
  }

  /** The handler of a connection starts and ends with a status as of wait(2). */
  handle(id: number, options: { status: number; from?: string; service?: number } = { status: 0 }): void {
    const { status, from = '192.0.2.7', service = 0 } = options;
    const peer = endpoint(from, 4000);
    handlerStarted(this.floor, spawnerEvent({ id, service, peer }));
    handlerExited(this.floor, spawnerEvent({ id, service, peer, status }));
  }

  running(service = 0): number {
    return this.floor.counters.serviceFacts(service).running;
  }

  /** Reasons of the refusals so far. */
  get refusals(): readonly string[] {
    return this.events.flatMap((event) => (event.type === 'refused' ? [event.verdict.reason] : []));
  }

  types(): readonly string[] {
    return this.events.map(({ type }) => type);
  }
}
