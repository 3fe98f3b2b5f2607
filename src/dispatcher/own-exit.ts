import type { Bus } from '../events/bus.ts';
import type { Exit } from '../events/exit.ts';
import type { Connection } from '../model/connection.ts';
import type { Binding } from '../native/binding.ts';
import type { Descriptor } from '../native/descriptor.ts';
import type { Poller } from '../native/poller.ts';
import type { Failures } from './failures.ts';
import type { Lives } from './lives.ts';
import type { World } from './world.ts';

/** One who has come in, and is served by this very process; the descriptor is its own. */
export interface OwnClient {
  readonly connection: Connection;
  readonly descriptor: Descriptor;
}

/** What it takes to serve clients here. */
export interface OwnOptions {
  readonly binding: Binding;
  readonly poller: Poller;
  readonly world: World;
  readonly bus: Bus;
  readonly failures: Pick<Failures, 'tell'>;
  readonly lives: Pick<Lives, 'enter' | 'leave'>;
  readonly nameOf: (service: number) => string;
  /** A client of this service is gone, whatever it had reserved is free. */
  readonly onEnd: (service: number) => void;
  /** It had to be ended, since its time was over. */
  readonly onTimeOver: (connection: Connection) => void;
}

/** How it ended without a process of its own: all that is known is how long it took, and perhaps what a worker made of it. */
export function ownExit(
  durationMs: number,
  { status, signal }: { readonly status?: number | undefined; readonly signal?: number | undefined } = {},
): Exit {
  return { status, signal, durationMs, userUs: undefined, systemUs: undefined, maxRssKb: undefined };
}
