import { openSync, writeFileSync } from 'node:fs';
import { packPolicy } from '../../../src/compile/policy.ts';
import { listenersOf } from '../../../src/dispatcher/listeners-of.ts';
import { REQUEST_TYPES } from '../../../src/launch/request.ts';
import { NO_NUMBER } from '../../../src/launch/spawner-event.ts';
import type { Endpoint } from '../../../src/model/address.ts';
import type { LaunchStep } from '../../../src/model/launch-step.ts';
import type { Policy } from '../../../src/model/policy.ts';
import { decodeEndpoint } from '../../../src/native/endpoint-codec.ts';
import { encodeEvent, type SaidEvent } from './encode-event.ts';
import { FakeKernel, type FakeListener, type Packet } from './kernel.ts';
import type { Who } from './model.ts';

/** A handler, or one that is to be. */
export interface FakeChild {
  readonly id: number;
  /** Undefined: a reload has taken its service out. */
  service: string | undefined;
  readonly name: string;
  readonly peer: Endpoint;
  /** That it has, of a service that waits. */
  readonly listener: FakeListener | undefined;
  /** 0: it is being launched. */
  pid: number;
}

export function whoOf({ peer, listener }: FakeChild): Who {
  return { port: peer.port, ...(listener && { socket: listener.socket }) };
}

/** A row of the table in force. */
interface Row {
  readonly service: string;
  readonly listener: FakeListener;
}

/** Plays the spawner: holds listeners and tables, and starts nothing. What becomes of a launch is the test's to say. */
export class FakeSpawner {
  readonly kernel: FakeKernel = new FakeKernel((packet) => this.#obey(packet));
  readonly children: FakeChild[] = [];
  readonly signals: { readonly id: number; readonly signal: number }[] = [];
  isReady = false;
  isDrained = false;
  readonly #file: string;
  #generation = 1;
  #services: readonly string[] = [];
  #rows: readonly Row[] = [];
  #next: { readonly services: readonly string[]; readonly rows: readonly Row[] } | undefined;
  #nextPid = 1000;
  /** How many each service has had. */
  readonly #sockets = new Map<string, number>();

  /** `file`: where policies are written to. */
  constructor(file: string) {
    this.#file = file;
  }

  listenerOf(service: string): FakeListener | undefined {
    return this.#rows.find((row) => row.service === service)?.listener;
  }

  begin(policy: Policy): void {
    this.#services = namesOf(policy);
    this.#rows = this.#rowsOf(policy);
    this.#say({ type: 'hello', id: 1 }, this.#policyFd(policy));
    for (const [service, { listener }] of this.#rows.entries())
      this.#say({ type: 'listener', service }, this.kernel.listen(listener));
    this.#say({ type: 'start' });
  }

  reload(policy: Policy): void {
    const rows = this.#rowsOf(policy);
    this.#next = { services: namesOf(policy), rows };
    for (const [service, { listener }] of rows.entries()) {
      const before = this.#rows.findIndex((row) => row.listener === listener);
      if (before >= 0) this.#say({ type: 'kept', service, listener: before });
    }
    this.#say({ type: 'reload' }, this.#policyFd(policy));
  }

  launched(child: FakeChild): void {
    child.pid = this.#nextPid++;
    this.#about(child, { type: 'launched' });
  }

  failed(child: FakeChild, { step, errno }: { readonly step: LaunchStep; readonly errno: number }): void {
    this.#about(child, { type: 'failed', step, errno });
    this.#forget(child);
  }

  exited(child: FakeChild, status: number): void {
    this.#about(child, { type: 'exited', status });
    this.#forget(child);
  }

  stop(): void {
    this.#say({ type: 'stopping' });
  }

  bye(): void {
    this.#say({ type: 'bye' });
  }

  #forget(child: FakeChild): void {
    this.children.splice(this.children.indexOf(child), 1);
    // Whoever has the listener takes those who wait; whoever gives up waiting is gone.
    child.listener?.queue.splice(0);
  }

  #about(child: FakeChild, event: SaidEvent): void {
    const { id, pid, peer } = child;
    const found = child.service === undefined ? -1 : this.#services.indexOf(child.service);
    const service = found < 0 ? NO_NUMBER : found;
    const row = this.#rows.findIndex(({ listener }) => listener === child.listener);
    const listener = row < 0 ? {} : { listener: row };
    this.#say({ ...event, id, pid, peer, service, slot: BigInt(id), ...listener });
  }

  #say(event: SaidEvent, fd = -1): void {
    this.kernel.incoming.push({ bytes: encodeEvent({ generation: this.#generation, ...event }), fd });
  }

  #policyFd(policy: Policy): number {
    writeFileSync(this.#file, packPolicy(policy));
    return openSync(this.#file, 'r');
  }

  /** A listener stays where service and port do. */
  #rowsOf(policy: Policy): readonly Row[] {
    return listenersOf(policy).map(({ name, configured }) => {
      const port = 'port' in configured.address ? configured.address.port : 0;
      const known = this.#rows.find(({ service, listener }) => service === name && listener.port === port);
      return { service: name, listener: known?.listener ?? this.#socketOf(name, port) };
    });
  }

  #socketOf(key: string, port: number): FakeListener {
    const socket = this.#sockets.get(key) ?? 0;
    this.#sockets.set(key, socket + 1);
    return { key, port, socket, queue: [], failing: 0 };
  }

  #obey({ bytes }: Packet): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    const [type, generation] = [view.getUint32(0, true), view.getUint32(4, true)];
    if (generation !== this.#generation) throw new Error(`A request of generation ${generation}`);
    const id = Number(view.getBigUint64(8, true));
    if (type === REQUEST_TYPES.launch || type === REQUEST_TYPES.launch_wait) {
      const service = this.#services[view.getUint32(16, true)];
      if (service === undefined) throw new Error('A launch for no service');
      const peer = decodeEndpoint(bytes.slice(32, 56));
      const isWaiting = type === REQUEST_TYPES.launch_wait;
      const listener = isWaiting ? this.#rows[view.getUint32(28, true)]?.listener : undefined;
      this.children.push({ id, service, name: service, peer, listener, pid: 0 });
    } else if (type === REQUEST_TYPES.commit) this.#commit();
    else if (type === REQUEST_TYPES.signal) this.signals.push({ id, signal: view.getUint32(24, true) });
    else if (type === REQUEST_TYPES.ready) this.isReady = true;
    else if (type === REQUEST_TYPES.drained) this.isDrained = true;
    else throw new Error(`A request of type ${type}`);
  }

  #commit(): void {
    const next = this.#next;
    if (!next) throw new Error('A commit of nothing');
    this.#next = undefined;
    const before = new Set(this.#rows.map(({ listener }) => listener));
    this.#services = next.services;
    this.#rows = next.rows;
    this.#generation++;
    for (const child of this.children)
      if (child.service !== undefined && !next.services.includes(child.service)) child.service = undefined;
    for (const [service, { listener }] of next.rows.entries())
      if (!before.has(listener)) this.#say({ type: 'listener', service }, this.kernel.listen(listener));
    this.#say({ type: 'start' });
  }
}

function namesOf({ services, desks }: Policy): readonly string[] {
  return [...services, ...desks].map(({ name }) => name);
}
