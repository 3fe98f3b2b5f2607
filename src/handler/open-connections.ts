import type { Handler } from './connection.ts';
import { describeFailure } from './describe-failure.ts';
import { type Arrival, idOf, type OpenConnection, openConnection } from './open-connection.ts';
import { FAILED, OK, runHandler } from './run-handler.ts';
import type { World } from './world.ts';

/** What handlers may still do with connections that have closed, before the process ends without it. */
const AFTERWARDS_MS = 5000;

export interface OpenConnectionsOptions {
  readonly world: World;
  readonly handler: Handler;
  /** So many at once. */
  readonly most: number;
}

/** The connections that this process has, each from its arrival until it is done. */
export class OpenConnections {
  readonly #options: OpenConnectionsOptions;
  readonly #open = new Set<OpenConnection>();
  /** Handlers at work, also those whose connections have closed. */
  readonly #running = new Set<Promise<number>>();

  constructor(options: OpenConnectionsOptions) {
    this.#options = options;
  }

  get count(): number {
    return this.#open.size;
  }

  get isFull(): boolean {
    return this.#open.size >= this.#options.most;
  }

  /** Serves one, which counts at once. The promise is its exit status when it is done, and never rejects. */
  async serve(arrival: Arrival): Promise<number> {
    const open = this.#tryOpen(arrival);
    if (!open) return FAILED;
    this.#open.add(open);
    const status = await Promise.race([this.#run(open), this.#afterClose(open)]);
    open.connection.socket.destroySoon();
    await open.closed;
    this.#open.delete(open);
    return status;
  }

  /** Tells all handlers to come to an end. */
  abort(): void {
    for (const open of this.#open) open.abort();
  }

  /** Waits for handlers whose connections have closed, though not for ever. */
  async settled(): Promise<void> {
    if (this.#running.size === 0) return;
    let cancel = (): void => {};
    const late = new Promise<void>((done) => {
      cancel = this.#options.world.after(AFTERWARDS_MS, done);
    });
    await Promise.race([Promise.all(this.#running), late]);
    cancel();
  }

  #tryOpen(arrival: Arrival): OpenConnection | undefined {
    const { binding, tell } = this.#options.world;
    try {
      return openConnection(arrival);
    } catch (error) {
      tell(describeFailure(error, idOf(arrival)));
      binding.close(arrival.fd);
      return undefined;
    }
  }

  async #run(open: OpenConnection): Promise<number> {
    const { handler, world } = this.#options;
    const running = runHandler(open, { handler, tell: world.tell });
    this.#running.add(running);
    const status = await running;
    this.#running.delete(running);
    return status;
  }

  /** A handler that fails because its connection has closed has its say first. */
  async #afterClose({ closed }: OpenConnection): Promise<number> {
    await closed;
    return new Promise((done) => this.#options.world.after(0, () => done(OK)));
  }
}
