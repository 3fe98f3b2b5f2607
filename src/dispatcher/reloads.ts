import type { Bus } from '../events/bus.ts';
import type { SpawnerEvent } from '../launch/spawner-event.ts';
import type { Policy } from '../model/policy.ts';
import type { Descriptor } from '../native/descriptor.ts';
import { canSwap } from './can-swap.ts';
import type { Floor } from './floor.ts';
import type { Listeners } from './listeners.ts';
import { readPolicy } from './read-policy.ts';
import { reloadFailed } from './reload-outcome.ts';
import { renewRules } from './renew-rules.ts';
import { Watch } from './watch.ts';
import type { World } from './world.ts';

interface Options {
  readonly world: World;
  readonly bus: Bus;
  readonly floor: () => Floor;
  readonly listeners: Pick<Listeners, 'look'>;
  /** Asks for the configuration to be compiled anew; what came out comes to `take`. */
  readonly compile: () => void;
}

/** There was no room for the descriptor that came with it. */
const LOST = { type: 'reload-failed', reason: 'system', code: 'EMFILE' } as const;

/** Keeps the policy as the configuration and the files of its lists have it. */
export class Reloads {
  readonly #options: Options;
  readonly #watch: Watch;
  /** Of the table to come: listeners whose sockets stay, by their rows there, with our numbers for them. */
  #kept = new Map<number, number>();

  constructor(options: Options) {
    this.#options = options;
    this.#watch = new Watch(options.world, {
      onChange: options.compile,
      onFailed: (path, code) => options.bus.emit({ type: 'watch-failed', path, code }),
    });
  }

  /** Looks at the files of the policy from now on. */
  start(): void {
    this.#watch.watch(this.#options.floor().rules.policy.watched);
  }

  /** One of the sockets that stay; told ahead of the outcome. */
  keep({ service: row, listener }: SpawnerEvent): void {
    if (listener !== undefined) this.#kept.set(row, listener);
  }

  /** The outcome. The spawner keeps both tables until it is told which one it shall be. */
  take(event: SpawnerEvent, descriptor: Descriptor | undefined): void {
    const { world, bus, floor } = this.#options;
    const kept = this.#kept;
    this.#kept = new Map();
    const policy = descriptor && readPolicy(descriptor);
    if (policy && canSwap(floor().rules.policy, policy)) {
      this.#swap(policy, kept);
      return;
    }
    // Also where it was lost on the way: the spawner begins no other one before it is answered.
    if (event.errno === 0) floor().link.send({ type: 'abort' });
    bus.emit(policy || event.errno !== 0 ? reloadFailed(event) : LOST);
    // Whoever has moved log files away counts on HUP, whatever the configuration is like.
    world.log.reopen();
  }

  /** In one turn: what the spawner was asked before is meant by the table until now, and all else by the new one. */
  #swap(policy: Policy, kept: ReadonlyMap<number, number>): void {
    const { world, bus } = this.#options;
    const floor = this.#options.floor();
    const before = floor.rules;
    const { rules, numbering } = renewRules(before, { policy, kept });
    floor.rules = rules;
    // Ahead of the commit: with our copies still open the spawner could not bind their addresses anew.
    this.#options.listeners.look(before);
    floor.link.commit(numbering);
    world.log.use({ policy, outlets: floor.outlets, tell: (told) => bus.emit(told) });
    for (const service of floor.rules.services.keys()) floor.pacer.look(service);
    this.#watch.watch(policy.watched);
  }

  /** The spawner has done its part: what could be opened is open. */
  done(): void {
    const { world, bus, floor } = this.#options;
    world.log.reopen();
    const { services, errors } = floor().rules.policy;
    bus.emit({ type: 'reloaded', services: services.length, errors });
  }
}
