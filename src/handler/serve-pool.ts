import { Descriptor } from '../native/descriptor.ts';
import { environmentOf, ID_NAME, parseEnvironment } from './environment.ts';
import type { OpenConnections } from './open-connections.ts';
import { type Packet, PoolChannel } from './pool-channel.ts';
import { FAILED, OK } from './run-handler.ts';
import type { World } from './world.ts';

export interface ServePoolOptions {
  readonly world: World;
  readonly connections: OpenConnections;
}

/** Takes connections from a channel until it ends, or this process is told to. */
class Pool {
  readonly #options: ServePoolOptions;
  readonly #common: ReadonlyMap<string, string>;
  readonly #channel: PoolChannel;
  readonly #done: (status: number) => void;
  #isEnding = false;

  constructor(fd: number, options: ServePoolOptions, done: (status: number) => void) {
    const { world, connections } = options;
    this.#options = options;
    this.#done = done;
    this.#common = environmentOf(world.environment);
    this.#channel = new PoolChannel({
      ...{ world, channel: new Descriptor(world.binding, fd) },
      wants: () => !this.#isEnding && !connections.isFull,
      onPacket: (packet) => this.#serve(packet),
      onEnd: () => this.#end(),
    });
    world.onEnd(() => {
      connections.abort();
      this.#end();
    });
  }

  /** Who is here is served to the end. */
  #end(): void {
    this.#isEnding = true;
    this.#look();
  }

  #look(): void {
    this.#channel.look();
    if (this.#isEnding && this.#options.connections.count === 0 && this.#channel.isSent) this.#done(OK);
  }

  #serve({ fd, bytes }: Packet): void {
    const environment = parseEnvironment(bytes, this.#common);
    const id = environment.get(ID_NAME);
    if (fd < 0) {
      this.#options.world.tell(`Cannot serve connection ${id}: no descriptor came with it (RLIMIT_NOFILE)`);
      this.#report(FAILED, id);
      return;
    }
    const served = this.#options.connections.serve({ fd, environment, isTold: true });
    void served.then((status) => this.#report(status, id));
  }

  #report(status: number, id: string | undefined): void {
    this.#channel.report(status, id);
    this.#look();
  }
}

/** The exit status, once there is nobody left to serve. */
export function servePool(fd: number, options: ServePoolOptions): Promise<number> {
  return new Promise((done) => void new Pool(fd, options, done));
}
