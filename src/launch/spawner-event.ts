import type { Endpoint } from '../model/address.ts';
import { InvariantError } from '../model/errors.ts';
import { decodeEndpoint } from '../native/endpoint-codec.ts';
import { LAUNCH_STEPS, type LaunchStep } from './step.ts';

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
  readonly errno: number;
  /** `exited`: as wait(2) has it; `launched`: 1 when the program was replaced since the start; `hello`: LACKS bits; `refused`: the type of the request; `reload`: 1 of a dry run. */
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

/** Decodes a packet of EVENT_BYTES. */
export function decodeEvent(bytes: Uint8Array): SpawnerEvent {
  const view = new DataView(bytes.buffer, bytes.byteOffset, EVENT_BYTES);
  const u32 = (offset: number): number => view.getUint32(offset, true);
  const u64 = (offset: number): number => u32(offset) + u32(offset + 4) * 2 ** 32;
  return {
    type: known(EVENT_TYPES, u32(0) - 1),
    generation: u32(4),
    id: u64(8),
    slot: view.getBigUint64(16, true),
    service: u32(24),
    pid: view.getInt32(28, true),
    step: known(LAUNCH_STEPS, u32(32)),
    errno: view.getInt32(36, true),
    status: view.getInt32(40, true),
    maxRssKb: u32(44),
    userUs: u64(48),
    systemUs: u64(56),
    durationUs: u64(64),
    peer: decodeEndpoint(bytes.subarray(72)),
    listener: u32(96) === NO_NUMBER ? undefined : u32(96),
  };
}
