import type { Bus } from '../../events/bus.ts';
import type { ResolverClient } from '../../resolver/client.ts';
import type { Floor } from '../floor.ts';
import type { StateSources } from '../gather-state.ts';
import type { Reloads } from '../reloads.ts';
import type { Upgrades } from '../upgrades.ts';
import type { World } from '../world.ts';

/** What methods of the control socket look at, and act on. */
export interface ControlParts {
  readonly world: World;
  readonly bus: Bus;
  readonly floor: () => Floor;
  readonly state: StateSources;
  readonly reloads: Pick<Reloads, 'ask' | 'last'>;
  readonly resolver: Pick<ResolverClient, 'lookup'>;
  readonly upgrades: Upgrades;
}
