import type { Bus } from '../events/bus.ts';
import type { SpawnerEvent } from '../launch/spawner-event.ts';
import type { Policy } from '../model/policy.ts';
import type { Descriptor } from '../native/descriptor.ts';
import { canSwap } from './can-swap.ts';
import type { Floor } from './floor.ts';
import { readPolicy } from './read-policy.ts';
import { reloadFailed } from './reload-outcome.ts';
import { prepareRules } from './rules.ts';
import { Watch } from './watch.ts';
import type { World } from './world.ts';

interface Options {
  readonly world: World;
  readonly bus: Bus;
  readonly floor: () => Floor;
  /** Asks for the configuration to be compiled anew; what came out comes to `take`. */
  readonly compile: () => void;
  /** Makes room for a successor, which begins with what was compiled. */
  readonly retire: () => void;
}

/** Keeps the policy as the configuration and the files of its lists have it. */
export class Reloads {
  readonly #options: Options;
  readonly #watch: Watch;

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

  take(event: SpawnerEvent, descriptor: Descriptor | undefined): void {
    const { bus, floor } = this.#options;
    const policy = descriptor && readPolicy(descriptor);
    if (!policy) bus.emit(reloadFailed(event));
    else if (event.status === 0 && canSwap(floor().rules.policy, policy)) this.#swap(policy);
    else this.#options.retire();
  }

  /** In one turn. Services keep their indexes: the launch table is the same. */
  #swap(policy: Policy): void {
    const floor = this.#options.floor();
    floor.rules = prepareRules(policy);
    for (const service of floor.rules.services.keys()) floor.pacer.look(service);
    this.#watch.watch(policy.watched);
    this.#options.bus.emit({ type: 'reloaded', services: policy.services.length });
  }
}
