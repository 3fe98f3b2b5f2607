import type { Status } from '../../../src/control/messages.ts';
import { Dispatcher } from '../../../src/dispatcher/dispatcher.ts';
import type { World } from '../../../src/dispatcher/world.ts';
import type { ZinetdEvent } from '../../../src/events/event.ts';
import type { Endpoint } from '../../../src/model/address.ts';
import { Descriptor } from '../../../src/native/descriptor.ts';
import { FakeWorld } from '../../dispatcher/fake-world.ts';
import { DESK, policyOfShapes, type Shape } from './shape.ts';
import { FakeSpawner } from './spawner.ts';

/** Sources are told apart by their last octet. */
export function endpointOf(source: number, port: number): Endpoint {
  return { family: 4, bytes: Uint8Array.of(192, 0, 2, source), port, scopeId: 0 };
}

/** The real dispatcher, with a clock, a kernel and a spawner that are played. */
export class Scene {
  readonly world: FakeWorld = new FakeWorld();
  readonly events: ZinetdEvent[] = [];
  readonly spawner: FakeSpawner;
  hasLeft = false;
  readonly #maxProcesses: number;
  readonly #talk: { input: Uint8Array; output: string };
  #nextId = 1;

  constructor(shapes: readonly Shape[], { maxProcesses, file }: { maxProcesses: number; file: string }) {
    this.#maxProcesses = maxProcesses;
    this.spawner = new FakeSpawner(file);
    const { kernel } = this.spawner;
    const world: World = Object.assign(Object.create(this.world), {
      log: { ...this.world.log, subscriber: (event: ZinetdEvent) => this.events.push(event) },
      exit: () => {
        this.hasLeft = true;
      },
    });
    const channel = new Descriptor(kernel.binding, kernel.channelFd);
    new Dispatcher({ binding: kernel.binding, channel, world });
    this.spawner.begin(policyOfShapes(shapes, maxProcesses));
    this.#talk = kernel.talk(DESK);
    this.settle();
  }

  settle(): void {
    this.spawner.kernel.settle(() => this.world.pass(0));
  }

  pass(durationMs: number): void {
    this.world.pass(durationMs);
    this.settle();
  }

  reload(shapes: readonly Shape[]): void {
    this.spawner.reload(policyOfShapes(shapes, this.#maxProcesses));
    this.settle();
  }

  /** What the control socket answers; undefined while it does not. */
  ask(method: string, params: Readonly<Record<string, unknown>> = {}): unknown {
    const id = this.#nextId++;
    this.#talk.input = Buffer.from(`${JSON.stringify({ zinetd: 1, id, method, params })}\n`);
    this.#talk.output = '';
    this.settle();
    const replies = this.#talk.output.split('\n').filter(Boolean);
    const found = replies.map((line) => JSON.parse(line)).find((reply) => reply.id === id && !reply.item);
    return found?.result ?? found?.error;
  }

  status(): Status {
    return this.ask('status') as Status;
  }
}
