import type { ListenScheme } from '../model/listen-address.ts';
import type { Binding } from '../native/binding.ts';
import type { Descriptor } from '../native/descriptor.ts';
import type { Poller } from '../native/poller.ts';
import type { AcceptGate } from './accept-gate.ts';
import type { Desks } from './desks.ts';
import type { Floor } from './floor.ts';
import type { Losses } from './losses.ts';

/** What every listener works with. */
export interface ListenerParts {
  readonly binding: Binding;
  readonly poller: Poller;
  readonly gate: AcceptGate;
  readonly floor: () => Floor;
  readonly desks: () => Desks;
  /** Datagrams that nobody gets. */
  readonly losses: Losses;
  /** For what comes in: a number that no other connection has. */
  readonly nextId: () => number;
}

/** A socket that the spawner has opened, and whose it is. */
export interface Opening {
  readonly descriptor: Descriptor;
  /** Of the launch table. */
  readonly row: number;
  readonly service: number;
  readonly scheme: ListenScheme;
}
