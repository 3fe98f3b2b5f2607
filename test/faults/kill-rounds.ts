import { type Client, connect } from '../harness/client.ts';
import { visit } from '../harness/crowd.ts';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import { childrenOf, commandLineOf, isZombie, statusOf } from '../harness/processes.ts';
import { ServicesFile } from '../harness/services-file.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import { until } from '../harness/until.ts';
import { isListeningOn } from '../integration/listening-on.ts';
import { quietPort } from '../integration/quiet-port.ts';

export type Worker = 'dispatcher' | 'compiler' | 'resolver';

const SERVED = { code: undefined, received: 'ok\n' };
/** More than may happen to be in the way of one client, on a machine that is busy with other tests. */
const VISITS = 60;
export const AT_ONCE = 6;
/** Of a whole zinetd, on a machine that has a lot to do. */
const START_MS = 60_000;
const UNSERVED = { expectFailure: true };

type Service = Readonly<Record<string, unknown>>;
type Services = Readonly<Record<'held' | 'busy' | 'named', Service>>;

type Ports = Readonly<Record<'held' | 'busy', number>>;

/** A name in the access list takes a resolver. */
function servicesAt(ports: Ports): Services {
  const user = isRoot ? { user: 'nobody' } : {};
  const at = (port: number) => `tcp://127.0.0.1:${port}`;
  const many = { instances: 500, per_source: 'UNLIMITED' };
  const named = { listen: at(0), only_from: ['.example.org', '127.0.0.1'] };
  return {
    held: { listen: at(ports.held), server: handler('echo'), ...user },
    busy: { listen: at(ports.busy), server: handler('raw'), ...many, ...user },
    named: { ...named, server: handler('raw'), ...user },
  };
}

/** Whose command line it has. A process that is not there yet has that of its parent, or none. */
function workerOf(pid: number, worker: Worker): number | undefined {
  return childrenOf(pid).find((child) => commandLineOf(child).includes(`--${worker}`));
}

function isGone(pid: number): boolean {
  return statusOf(pid, 'State') === undefined || isZombie(pid);
}

/** A daemon of which something is to be killed, with a client whose handler must not notice. */
export class KillRound {
  readonly zinetd: Zinetd;
  readonly #file: ServicesFile;
  readonly #services: Services;
  readonly #ports: Ports;
  #renewed = 0;
  #held: Client | undefined;

  private constructor(
    zinetd: Zinetd,
    { file, services, ports }: { file: ServicesFile; services: Services; ports: Ports },
  ) {
    this.zinetd = zinetd;
    this.#file = file;
    this.#services = services;
    this.#ports = ports;
  }

  /** `isServing`: waits until it serves. */
  static async of({ isServing }: { readonly isServing: boolean }): Promise<KillRound> {
    const ports = { held: quietPort(), busy: quietPort() };
    const services = servicesAt(ports);
    const file = new ServicesFile(services);
    // What a dispatcher has not written when it is killed is lost.
    const zinetd = await startZinetd({
      config: file.config,
      lossy: true,
      ...UNSERVED,
      args: ['--grace', '20s'],
    });
    if (isServing) await zinetd.event('ready', { timeoutMs: START_MS });
    return new KillRound(zinetd, { file, services, ports });
  }

  /** The same configuration, hence the same ports, in another zinetd. */
  async again(): Promise<Zinetd> {
    const zinetd = await startZinetd({ config: this.#file.config, ...UNSERVED });
    await zinetd.event('ready', { timeoutMs: START_MS });
    return zinetd;
  }

  /** Waits until it runs; it may be another one than before. */
  worker(worker: Worker): Promise<number> {
    return until(() => workerOf(this.zinetd.pid, worker), {
      what: `there is a ${worker}`,
      timeoutMs: START_MS,
    });
  }

  async kill(worker: Worker): Promise<void> {
    process.kill(await this.worker(worker), 'SIGKILL');
  }

  /** A client whose handler runs, and is told of. */
  async hold(): Promise<void> {
    this.#held = await connect(this.#ports.held);
    this.#held.send('before ');
    await this.#held.readUntil('before ');
    await this.zinetd.event((record) => record.event === 'started' && record.service === 'held');
  }

  /** The handler of that client goes on as if nothing had happened. */
  async release(): Promise<string | undefined> {
    this.#held?.send('after');
    this.#held?.halfClose();
    return this.#held?.readAll();
  }

  /** So many clients, one after the other and some at once; how many were served, and what became of the others. */
  async load(): Promise<{ readonly served: number; readonly refused: number; readonly cut: number }> {
    const codes: string[] = [];
    const line = async (): Promise<void> => {
      for (let count = 0; count < VISITS / AT_ONCE; count++) {
        const { code, received } = await visit(this.#ports.busy);
        codes.push(code ?? (received === SERVED.received ? 'served' : 'cut'));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, line));
    const countOf = (...meant: readonly string[]) => codes.filter((code) => meant.includes(code)).length;
    return {
      served: countOf('served'),
      refused: countOf('ECONNREFUSED', 'ETIMEDOUT'),
      cut: countOf('cut', 'ECONNRESET', 'EPIPE'),
    };
  }

  get mostCut(): number {
    return AT_ONCE;
  }

  async isServing(): Promise<boolean> {
    const { code, received } = await visit(this.#ports.busy);
    return code === undefined && received === SERVED.received;
  }

  /** Asks for a reload of a configuration that differs; it is another one each time. */
  askReload(): void {
    this.#renewed++;
    this.#file.write({
      ...this.#services,
      named: { ...this.#services.named, instances: 10 + this.#renewed },
    });
    this.zinetd.signal('SIGHUP');
  }

  /** Every process of zinetd's own. */
  own(): readonly number[] {
    const { pid } = this.zinetd;
    const workers = (['dispatcher', 'compiler', 'resolver'] as const).map((worker) => workerOf(pid, worker));
    return [pid, ...workers.filter((each) => each !== undefined)];
  }

  /** Nobody has its sockets any more. */
  free(): Promise<unknown> {
    const { held, busy } = this.#ports;
    return until(() => !isListeningOn(held) && !isListeningOn(busy), {
      what: 'the ports are free',
      timeoutMs: START_MS,
    });
  }

  async gone(pids: readonly number[]): Promise<void> {
    await until(() => pids.every(isGone), { what: 'no process of zinetd is left' });
  }
}
