import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { controlLine } from '../harness/control-line.ts';
import { startFileLogged } from '../harness/file-log.ts';
import { childrenOf, isZombie, steadyDescriptorCountOf } from '../harness/processes.ts';
import { scratch } from '../harness/scratch.ts';
import type { Zinetd } from '../harness/start-zinetd.ts';
import { untoldDatagrams } from './accounts.ts';
import { type Sample, sampleOf } from './gauges.ts';
import { Ledger } from './ledger.ts';
import { LogTail } from './log-tail.ts';
import { type Account, accountOf, delayOf, readMetrics } from './meters.ts';
import { childrenOfKind, Reaper } from './reaper.ts';
import { type Ground, layGround, RELOADS } from './services.ts';
import { Traffic } from './traffic.ts';

export type ReloadKind = keyof typeof RELOADS;

const SETTLE_MS = 20_000;
/** zinetd tells once a minute of datagrams that are dropped. */
const LOSSES_MS = 130_000;
const LOOK_MS = 100;
const STEADY_LOOKS = 20;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

interface Open {
  readonly spawner: number | undefined;
  readonly dispatcher: number | undefined;
}

/** A daemon with services of every kind, clients, and whoever kills and reloads. */
export class SoakRun {
  readonly zinetd: Zinetd;
  readonly ground: Ground;
  readonly ledger: Ledger;
  readonly traffic: Traffic;
  readonly reaper: Reaper;
  readonly samples: Sample[] = [];
  readonly delays: { readonly p99Ms: number; readonly maxMs: number }[] = [];
  readonly reloads: Record<string, number> = {};
  readonly #beganMs = performance.now();
  readonly #tail: LogTail;
  readonly #control: string;
  readonly #file: string;
  #delay = { p99Ms: 0, maxMs: 0 };

  private constructor(parts: {
    zinetd: Zinetd;
    ground: Ground;
    tail: LogTail;
    control: string;
    file: string;
    options: { readonly perSecond: number; readonly isLossy: boolean };
  }) {
    const { zinetd, ground, options } = parts;
    this.zinetd = zinetd;
    this.ground = ground;
    this.ledger = new Ledger(options);
    this.traffic = new Traffic(ground, { ...options, tell: (visit) => this.ledger.visit(visit) });
    this.reaper = new Reaper(zinetd.pid);
    this.#tail = parts.tail;
    this.#control = parts.control;
    this.#file = parts.file;
  }

  /** Starts it; `isLossy`: its log may have holes. */
  static async of(options: { readonly perSecond: number; readonly isLossy: boolean }): Promise<SoakRun> {
    const ground = layGround();
    const directory = scratch('soak');
    const file = join(directory, 'services.yaml');
    writeFileSync(file, RELOADS.unchanged(ground));
    const control = join(directory, 'control');
    const metrics = { listen: `tcp://127.0.0.1:${ground.ports.metrics}` };
    const config = JSON.stringify({ version: 1, include: [file], metrics });
    const { zinetd, path } = await startFileLogged({ config, args: ['--control', control] });
    const run = new SoakRun({ zinetd, ground, tail: new LogTail(path), control, file, options });
    void zinetd.ended.then((end) => run.#ended(end));
    return run;
  }

  /** Before its time it is what somebody will want to know all about. */
  #ended(end: number | string): void {
    if (end === 0) return;
    this.readLog();
    const { violations, latest } = this.ledger;
    const last = latest.map((record) => JSON.stringify(record)).join('\n');
    violations.push(
      `zinetd ended with ${end} after ${this.elapsedSeconds.toFixed(0)} s: ${this.zinetd.stderr}`,
    );
    console.error(violations.at(-1), `\n${last}`);
  }

  get logBytes(): number {
    return this.#tail.bytes;
  }

  get elapsedSeconds(): number {
    return (performance.now() - this.#beganMs) / 1000;
  }

  /** Reads on in the log; what it reads is in the ledger. */
  readLog(): void {
    this.#tail.take((record) => this.ledger.record(record));
  }

  /** As the command line does it: a connection for each request. */
  async #ask(method: string): Promise<Record<string, unknown>> {
    const line = await controlLine(this.#control);
    try {
      return await line.call(method);
    } finally {
      line.socket.destroy();
    }
  }

  async reload(kind: ReloadKind): Promise<void> {
    writeFileSync(`${this.#file}.new`, RELOADS[kind](this.ground));
    renameSync(`${this.#file}.new`, this.#file);
    const { outcome } = await this.#ask('reload').catch((error: Error) => ({ outcome: error.message }));
    const wanted = kind === 'invalid' ? 'failed' : 'reloaded';
    if (outcome !== wanted) this.ledger.violations.push(`the reload "${kind}" was "${outcome}"`);
    this.reloads[kind] = (this.reloads[kind] ?? 0) + 1;
  }

  /** Clients for so many seconds, the reload in the middle, and another one that takes it back; nobody is left then. */
  async round(
    seconds: number,
    options: { readonly kind: ReloadKind; readonly act?: () => () => void },
  ): Promise<void> {
    const stop = options.act?.();
    const reading = setInterval(() => this.readLog(), 1000);
    const reloading = (async () => {
      await pause((seconds * 1000) / 3);
      await this.reload(options.kind);
      await pause((seconds * 1000) / 3);
      await this.reload('unchanged');
    })();
    try {
      await Promise.all([this.traffic.run(seconds), reloading]);
    } finally {
      stop?.();
      clearInterval(reading);
    }
  }

  /** Each look at the delays is one at those since the look before: none is lost. */
  async #metrics(): Promise<ReadonlyMap<string, number>> {
    const series = await readMetrics(this.ground.ports.metrics);
    const { p99Ms, maxMs } = delayOf(series);
    if (maxMs > this.#delay.maxMs) this.#delay = { p99Ms: Math.max(p99Ms, this.#delay.p99Ms), maxMs };
    return series;
  }

  open(): Open {
    const { pid, dispatcherPid } = this.zinetd;
    return {
      spawner: steadyDescriptorCountOf(pid),
      dispatcher: dispatcherPid === undefined ? undefined : steadyDescriptorCountOf(dispatcherPid),
    };
  }

  /** Descriptors of a daemon that has nothing to do: a scrape that has just ended may have one for a moment. */
  async baseline(): Promise<Open> {
    let least = this.open();
    for (let look = 0; look < STEADY_LOOKS; look++) {
      await pause(LOOK_MS);
      const { spawner, dispatcher } = this.open();
      least = {
        spawner: Math.min(least.spawner ?? 0, spawner ?? 0),
        dispatcher: Math.min(least.dispatcher ?? 0, dispatcher ?? 0),
      };
    }
    return least;
  }

  /** What is left of handlers and clients, in words: nothing when all is over. */
  async #left(): Promise<readonly string[]> {
    const { pid } = this.zinetd;
    const series = await this.#metrics();
    const { running } = accountOf(series);
    const handlers = childrenOfKind(pid, 'handler').length;
    const zombies = childrenOf(pid).filter(isZombie).length;
    this.readLog();
    return [
      ...(running === 0 ? [] : [`${running} handlers are counted`]),
      ...(handlers === 0 ? [] : [`${handlers} handlers run`]),
      ...(zombies === 0 ? [] : [`${zombies} zombies`]),
      ...this.ledger.open,
    ];
  }

  /** Waits until there is nothing left, and descriptors are as they are to be; gives what there is all the same. */
  async settle(baseline?: Open): Promise<readonly string[]> {
    const deadline = performance.now() + SETTLE_MS;
    for (;;) {
      const now = JSON.stringify(this.open());
      const isThere = baseline === undefined || now === JSON.stringify(baseline);
      const left = await this.#left();
      const all = isThere ? left : [...left, `descriptors: ${now}, and not ${JSON.stringify(baseline)}`];
      if (all.length === 0 || performance.now() > deadline) return all;
      await pause(LOOK_MS);
    }
  }

  /** By service, what the metrics and the control socket say of the connections. */
  async accounts(): Promise<
    ReadonlyMap<string, { readonly counted: Account; readonly status: Omit<Account, 'dropped'> }>
  > {
    const series = await this.#metrics();
    const { services } = (await this.#ask('status')) as { services: readonly StatusRow[] };
    return new Map(
      services.map(({ name, running, starting, counts }) => {
        const { started, refused, failed, ended } = counts;
        const status = { started, refused, failed, exited: ended, running: running + starting };
        return [name, { counted: accountOf(series, name), status }];
      }),
    );
  }

  /** Waits until every datagram has been told of, and says if one is not. */
  async lossesTold(): Promise<readonly string[]> {
    const deadline = performance.now() + LOSSES_MS;
    for (;;) {
      const untold = untoldDatagrams(this, accountOf(await this.#metrics(), 'upeer'));
      if (untold === 0) return [];
      if (performance.now() > deadline) return [`upeer: nothing is told of ${untold} datagrams`];
      await pause(LOOK_MS);
    }
  }

  async sample(): Promise<Sample> {
    const { pid } = this.zinetd;
    this.delays.push(this.#delay);
    this.#delay = { p99Ms: 0, maxMs: 0 };
    const sample = sampleOf(pid, { atSeconds: this.elapsedSeconds, connections: this.traffic.begun });
    this.samples.push(sample);
    return sample;
  }

  close(): void {
    this.#tail.close();
  }
}

interface StatusRow {
  readonly name: string;
  readonly running: number;
  readonly starting: number;
  readonly counts: {
    readonly started: number;
    readonly refused: number;
    readonly failed: number;
    readonly ended: number;
  };
}
