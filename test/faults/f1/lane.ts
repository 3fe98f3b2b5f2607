import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Baseline, takeSteadyBaseline } from '../../harness/global-bars.ts';
import { childrenOf, isZombie, steadyDescriptorCountOf } from '../../harness/processes.ts';
import { Zinetd } from '../../harness/start-zinetd.ts';
import { until } from '../../harness/until.ts';
import { Plan } from './plan.ts';
import { type Place, prefixOf, servicesOf } from './services.ts';
import { KINDS, visit } from './visits.ts';

const PATIENCE_MS = 400;
const RECOVERY_MS = 30_000;
const START_MS = 90_000;
/** Longer than a socket waits for the next datagram of its peer. */
const LEFT_MS = 45_000;

/** How one came out, or why it did not. */
export interface Ending {
  readonly end: number | string;
  readonly stderr: string;
}

/** Somebody who has a zinetd of his own, of which calls fail, and looks at what becomes of it. */
export class Lane {
  readonly place: Place;
  readonly plan: Plan;
  readonly control: string;
  readonly #install: string;
  readonly #config: string;
  #zinetd: Zinetd | undefined;
  #baseline: Baseline | undefined;
  #goldens: ReadonlyMap<string, string> = new Map();
  #lastEnding: Ending | undefined;
  #starts = 0;

  constructor(place: Place, install: string) {
    this.place = place;
    this.#install = install;
    this.plan = new Plan(join(place.directory, 'plan'));
    this.control = join(place.directory, 'control');
    this.#config = join(place.directory, 'zinetd.yaml');
    this.configure('first');
  }

  get zinetd(): Zinetd {
    if (!this.#zinetd) throw new Error('There is no zinetd');
    return this.#zinetd;
  }

  /** Whether it runs, and what it is like is known. */
  get isLearnt(): boolean {
    return this.#zinetd !== undefined && this.#baseline !== undefined;
  }

  get isRunning(): boolean {
    return this.#zinetd !== undefined;
  }

  configure(which: 'first' | 'second'): void {
    const document = { version: 1, watch: false, services: servicesOf(this.place, which) };
    writeFileSync(`${this.#config}.new`, JSON.stringify(document));
    renameSync(`${this.#config}.new`, this.#config);
  }

  /** Undefined when it serves. */
  async start(): Promise<Ending | undefined> {
    this.configure('first');
    this.plan.forgetSpawner();
    this.#starts += 1;
    const zinetd = new Zinetd({
      foreign: { format: 'native', file: this.#config },
      install: this.#install,
      prefix: prefixOf(this.place),
      env: { ZINETD_F1: this.plan.path, NOTIFY_SOCKET: join(this.place.directory, 'manager') },
      args: [
        ...['--control', this.control, '--grace', '200ms'],
        ...['--state-dir', join(this.place.directory, `state-${this.#starts}`)],
      ],
    });
    this.#zinetd = zinetd;
    this.#lastEnding = undefined;
    const serves = zinetd.log.next('ready', { timeoutMs: START_MS });
    const end = await Promise.race([serves.then(() => undefined), zinetd.ended]);
    serves.catch(() => {});
    return end === undefined ? undefined : this.#over(end);
  }

  /** Asks it to stop. */
  async stop(): Promise<Ending> {
    const { zinetd } = this;
    zinetd.signal('SIGTERM');
    const timer = setTimeout(() => zinetd.signal('SIGKILL'), RECOVERY_MS);
    const end = await zinetd.ended;
    clearTimeout(timer);
    return this.#over(end);
  }

  /** What it should be like again after each fault: nobody to wait for, and so many descriptors. */
  async learn(): Promise<void> {
    if (this.#goldens.size > 0) await this.recover();
    else {
      await this.visits(PATIENCE_MS * 5);
      this.#goldens = await this.visits(PATIENCE_MS * 5);
    }
    this.#baseline = await takeSteadyBaseline(this.zinetd);
  }

  /** One of each kind, one after the other. */
  async visits(patienceMs: number = PATIENCE_MS): Promise<ReadonlyMap<string, string>> {
    const answers = new Map<string, string>();
    for (const kind of KINDS) {
      answers.set(kind, await visit(this.zinetd, kind, { place: this.place, patienceMs }));
    }
    return answers;
  }

  /** How it ended, if it has. */
  async ending(): Promise<Ending | undefined> {
    if (!this.#zinetd) return this.#lastEnding;
    const end = await Promise.race([
      this.#zinetd.ended,
      new Promise<undefined>((done) => setImmediate(() => done(undefined))),
    ]);
    return end === undefined ? undefined : this.#over(end);
  }

  get goldens(): ReadonlyMap<string, string> {
    return this.#goldens;
  }

  /** Of answers, those that are not even the beginning of the right one: somebody was served who or as he should not be. */
  wrong(answers: ReadonlyMap<string, string>): readonly string[] {
    return [...answers]
      .filter(([kind, answer]) => !(this.#goldens.get(kind) ?? '').startsWith(answer))
      .map(([kind, answer]) => `${kind}: ${JSON.stringify(answer)}`);
  }

  /** Which kinds were not served in full. */
  missing(answers: ReadonlyMap<string, string>): readonly string[] {
    return [...answers].filter(([kind, answer]) => answer !== this.#goldens.get(kind)).map(([kind]) => kind);
  }

  /** Those that are not served in the time that there is for that, and what came instead; with `mayRefuse` nobody has to be. */
  async recover({ mayRefuse = false }: { readonly mayRefuse?: boolean } = {}): Promise<readonly string[]> {
    const deadline = performance.now() + RECOVERY_MS;
    const served = async (kind: string): Promise<string | undefined> => {
      for (;;) {
        const answer = await visit(this.zinetd, kind, { place: this.place, patienceMs: 3 * PATIENCE_MS });
        const golden = this.#goldens.get(kind) ?? '';
        if (mayRefuse ? golden.startsWith(answer) : answer === golden) return undefined;
        if (performance.now() > deadline) return `${kind} is not served: ${JSON.stringify(answer)}`;
      }
    };
    const all = await Promise.all(KINDS.map(served));
    return all.filter((it) => it !== undefined);
  }

  /** Children besides workers of its own, zombies, and descriptors: what of it is not as it was. */
  async leaks(): Promise<readonly string[]> {
    const { pid } = this.zinetd;
    const look = (): readonly string[] => {
      const zombies = childrenOf(pid).filter(isZombie).length;
      const now = {
        spawner: steadyDescriptorCountOf(pid),
        dispatcher: steadyDescriptorCountOf(this.zinetd.dispatcherPid ?? 0),
      };
      return [
        ...(zombies > 0 ? [`${zombies} zombies`] : []),
        ...(now.spawner === this.#baseline?.spawner
          ? []
          : [`spawner: ${this.#baseline?.spawner} -> ${now.spawner}`]),
        ...(now.dispatcher === this.#baseline?.dispatcher
          ? []
          : [`dispatcher: ${this.#baseline?.dispatcher} -> ${now.dispatcher}`]),
      ];
    };
    // Whoever comes and goes meanwhile is not left: one look at nothing is enough.
    const isNothing = until(() => look().length === 0, { what: 'nothing is left', timeoutMs: LEFT_MS });
    return isNothing.then(
      () => [],
      () => look(),
    );
  }

  /** There may be more descriptors for a reason, such as another dispatcher. */
  async renewBaseline(): Promise<void> {
    this.#baseline = await takeSteadyBaseline(this.zinetd);
  }

  #over(end: number | string): Ending {
    const { stderr } = this.zinetd;
    this.#zinetd = undefined;
    this.#baseline = undefined;
    this.#lastEnding = { end, stderr };
    return this.#lastEnding;
  }
}
