import type { Endpoint } from '../model/address.ts';
import { InvariantError } from '../model/errors.ts';
import { LAUNCH_STEPS, type LaunchStep } from '../model/launch-step.ts';
import { viewOf } from '../model/view-of.ts';
import { readEndpoint } from '../native/endpoint-codec.ts';

/** `struct event` of src/native/spawner/format.h. */
export const EVENT_BYTES = 104;

/** `enum event_type`, from 1. */
export const EVENT_TYPES = [
  'hello',
  'listener',
  'child',
  'start',
  'launched',
  'failed',
  'exited',
  'refused',
  'stopping',
  'bye',
  'reload',
  'resolver',
  'kept',
  'outlet',
  'dump',
  'upgrade',
  'words',
  'ran',
] as const;

export type EventType = (typeof EVENT_TYPES)[number];

/** One packet of the spawner; the fields that its type does not use are zero. */
export interface SpawnerEvent {
  readonly type: EventType;
  readonly generation: number;
  /** The connection, as the launch request named it, the outlet, or the reload; for `hello` how many dispatchers there have been. */
  readonly id: number;
  readonly slot: bigint;
  /** `listener`: the row; `kept`, `reload`: the row of the table to come. NO_NUMBER when the service is no more. */
  readonly service: number;
  readonly pid: number;
  readonly step: LaunchStep;
  /** `ran`: 1 when the program was replaced since the start. */
  readonly errno: number;
  /** `exited`, `ran`: as wait(2) has it; `launched`: 1 when the program was replaced since the start; `hello`: LACKS bits; `refused`: the type of the request; `reload`: 1 of a dry run. */
  readonly status: number;
  readonly maxRssKb: number;
  readonly userUs: number;
  readonly systemUs: number;
  readonly durationUs: number;
  readonly peer: Endpoint;
  /** Of a handler: the row of the listener that it waits on. `refused`: that of the request. `kept`: the row whose socket it is. */
  readonly listener: number | undefined;
}

/** A service or a listener that is in the launch table no more, or never was. */
export const NO_NUMBER = 0xffff_ffff;

function known<T>(table: readonly T[], index: number): T {
  const value = table[index];
  if (value === undefined) throw new InvariantError(`The spawner sent the unknown code ${index}`);
  return value;
}

function u64(view: DataView, offset: number): number {
  return view.getUint32(offset, true) + view.getUint32(offset + 4, true) * 2 ** 32;
}

const ABOUT_LAUNCHES: ReadonlySet<EventType> = new Set(['launched', 'failed', 'exited', 'ran']);

/**
 * Reads a packet of EVENT_BYTES; nothing of the event is in the memory of the packet any more. `peerOf` knows the client of a
 * launch: what the spawner says of it is what it was told.
 */
export function readEvent(view: DataView, peerOf: (id: number) => Endpoint | undefined): SpawnerEvent {
  const type = known(EVENT_TYPES, view.getUint32(0, true) - 1);
  const id = u64(view, 8);
  const listener = view.getUint32(96, true);
  return {
    type,
    generation: view.getUint32(4, true),
    id,
    slot: view.getBigUint64(16, true),
    service: view.getUint32(24, true),
    pid: view.getInt32(28, true),
    step: known(LAUNCH_STEPS, view.getUint32(32, true)),
    errno: view.getInt32(36, true),
    status: view.getInt32(40, true),
    maxRssKb: view.getUint32(44, true),
    userUs: u64(view, 48),
    systemUs: u64(view, 56),
    durationUs: u64(view, 64),
    peer: (ABOUT_LAUNCHES.has(type) ? peerOf(id) : undefined) ?? readEndpoint(view, 72),
    listener: listener === NO_NUMBER ? undefined : listener,
  };
}

export function decodeEvent(bytes: Uint8Array): SpawnerEvent {
  return readEvent(viewOf(bytes), () => undefined);
}
