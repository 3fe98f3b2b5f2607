import type { ReloadPlan, ReloadResult } from '../control/messages.ts';
import type { Bus } from '../events/bus.ts';
import type { ReloadFailure } from '../events/event.ts';
import { NO_NUMBER, type SpawnerEvent } from '../launch/spawner-event.ts';
import { describeReloadFailure } from '../logging/reload-failure.ts';
import { type Findings, NO_FINDINGS } from '../model/findings.ts';
import type { Policy } from '../model/policy.ts';
import type { Descriptor } from '../native/descriptor.ts';
import { atOnce } from './at-once.ts';
import { failureOf } from './failure-of.ts';
import type { Floor } from './floor.ts';
import { inTurns } from './in-turns.ts';
import type { Listeners } from './listeners.ts';
import { type Prepared, prepareReload } from './prepare-reload.ts';
import { readPolicy } from './read-policy.ts';
import { readRefused } from './read-refused.ts';
import { ReloadAskers } from './reload-askers.ts';
import type { Renewed } from './renew-rules.ts';
import { Watch } from './watch.ts';
import type { World } from './world.ts';

interface Options {
  readonly world: World;
  readonly bus: Bus;
  readonly floor: () => Floor;
  readonly listeners: Pick<Listeners, 'look'>;
  /** A number that no earlier dispatcher has used either. */
  readonly nextId: () => number;
  /** Another policy is in force. */
  readonly onRenewed: () => void;
}

/** How the last one went that was not dry. */
export interface ReloadMemory {
  readonly outcome: 'reloaded' | 'failed';
  /** On the monotonic clock. */
  readonly atMs: number;
  readonly why?: string | undefined;
}

/** A policy that is in force here, and not yet with the spawner. */
interface Committed {
  readonly id: number;
  readonly plan: ReloadPlan;
  readonly findings: Findings;
}

/** Listeners whose sockets stay, by their rows in the table to come, with our numbers for them. */
type Kept = Map<number, number>;

/** There was no room for the descriptor that came with it. */
const LOST: ReloadFailure = { reason: 'system', code: 'EMFILE' };

/** Keeps the policy as the configuration and the files of its lists have it. */
export class Reloads {
  readonly #options: Options;
  readonly #watch: Watch;
  readonly #askers: ReloadAskers;
  #kept: Kept = new Map();
  #callOff: () => void = () => {};
  #committed: Committed | undefined;
  #last: ReloadMemory | undefined;

  constructor(options: Options) {
    this.#options = options;
    this.#askers = new ReloadAskers({
      nextId: options.nextId,
      send: (request) => options.floor().link.send(request),
    });
    this.#watch = new Watch(options.world, {
      onChange: () => this.#askers.request({ isDry: false }),
      onFailed: (path, code) => options.bus.emit({ type: 'watch-failed', path, code }),
    });
  }

  /** Looks at the files of the policy from now on. */
  start(): void {
    this.#watch.watch(this.#options.floor().rules.policy);
  }

  get last(): ReloadMemory | undefined {
    return this.#last;
  }

  /** Reads the configuration, as it is now, anew; `isDry`: only to say what would come of it. */
  ask(options: { readonly isDry: boolean }): Promise<ReloadResult> {
    return this.#askers.ask(options);
  }

  /** For a stop: nobody gets an answer from here any more. */
  close(): void {
    this.#callOff();
    this.#askers.close();
  }

  /** One of the sockets that stay; told ahead of the outcome. */
  keep({ service: row, listener }: SpawnerEvent): void {
    if (listener !== undefined) this.#kept.set(row, listener);
  }

  /** The outcome. The spawner keeps both tables until it is told which one it shall be. */
  take(event: SpawnerEvent, descriptor: Descriptor | undefined): void {
    const kept = this.#kept;
    this.#kept = new Map();
    if (event.errno !== 0) this.#takeFailure(event, descriptor);
    else if (!descriptor) this.#refuse(event, { failure: LOST, findings: NO_FINDINGS });
    else this.#prepare(event, { descriptor, kept });
  }

  #takeFailure(event: SpawnerEvent, descriptor: Descriptor | undefined): void {
    const running = this.#options.floor().rules.policy;
    const policy = event.service === NO_NUMBER || !descriptor ? undefined : atOnce(readPolicy(descriptor));
    const refused = readRefused(policy ? undefined : descriptor);
    const findings = policy?.findings ?? refused.findings;
    this.#refuse(event, { failure: failureOf({ event, policy, refused, running }), findings });
    if (event.status === 0) this.#watch.watchAlso(policy ?? refused);
  }

  /** In turns, with clients between them; then at once. Before a stop there is no other outcome to wait for. */
  #prepare(event: SpawnerEvent, { descriptor, kept }: { descriptor: Descriptor; kept: Kept }): void {
    const { world, floor } = this.#options;
    this.#callOff = inTurns(prepareReload(descriptor, { running: floor().rules, kept }), {
      world,
      done: (prepared) => this.#takePrepared(event, prepared),
    });
  }

  #takePrepared(event: SpawnerEvent, prepared: Prepared): void {
    const { policy } = prepared;
    const findings = policy.findings ?? NO_FINDINGS;
    if (prepared.kind === 'restart-needed') {
      const { settings } = prepared;
      this.#refuse(event, { failure: { reason: 'restart-needed', settings }, findings });
      return;
    }
    const { plan, renewed } = prepared;
    if (event.status === 0) {
      this.#committed = { id: event.id, plan, findings };
      this.#swap(policy, renewed);
      return;
    }
    this.#options.floor().link.send({ type: 'abort' });
    this.#askers.answer(event, { outcome: 'planned', plan, diagnostics: findings.text });
  }

  /** Nothing changes, but for what whoever sends HUP counts on, whatever the configuration is like: new log files. */
  #refuse(
    event: SpawnerEvent,
    { failure, findings }: { readonly failure: ReloadFailure; readonly findings: Findings },
  ): void {
    const { world, bus, floor } = this.#options;
    // Also where it was lost on the way: the spawner begins no other one before it is answered.
    if (event.errno === 0) floor().link.send({ type: 'abort' });
    const why = describeReloadFailure(failure);
    if (event.status === 0) {
      this.#tell(findings);
      bus.emit({ type: 'reload-failed', failure });
      this.#last = { outcome: 'failed', atMs: world.nowMs(), why };
      world.log.reopen();
    }
    this.#askers.answer(event, { outcome: 'failed', why, diagnostics: findings.text });
  }

  #tell({ list }: Findings): void {
    for (const finding of list) this.#options.bus.emit({ type: 'diagnostic', finding });
  }

  /** In one turn: what the spawner was asked before is meant by the table until now, and all else by the new one. */
  #swap(policy: Policy, { rules, numbering }: Renewed): void {
    const { world, bus } = this.#options;
    const floor = this.#options.floor();
    const before = floor.rules;
    floor.rules = rules;
    this.#options.listeners.look(before);
    floor.link.commit(numbering);
    floor.lives.reloaded(before);
    floor.pools.look();
    world.log.use({ policy, outlets: floor.outlets, tell: (told) => bus.emit(told) });
    for (const service of floor.rules.services.keys()) floor.pacer.look(service);
    this.#watch.watch(policy);
    this.#options.onRenewed();
  }

  /** The spawner has done its part. */
  done(): void {
    const { world, bus, floor } = this.#options;
    world.log.reopen();
    const { services, errors } = floor().rules.policy;
    const committed = this.#committed;
    if (!committed) return;
    this.#committed = undefined;
    const { plan, findings } = committed;
    this.#tell(findings);
    bus.emit({ type: 'reloaded', services: services.length, errors, changes: plan.services });
    this.#last = { outcome: 'reloaded', atMs: world.nowMs() };
    this.#askers.answer(
      { id: committed.id, status: 0 },
      { outcome: 'reloaded', plan, diagnostics: findings.text },
    );
  }
}
