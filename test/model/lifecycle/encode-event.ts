import { EVENT_BYTES, EVENT_TYPES, NO_NUMBER, type SpawnerEvent } from '../../../src/launch/spawner-event.ts';
import type { Endpoint } from '../../../src/model/address.ts';
import { LAUNCH_STEPS } from '../../../src/model/launch-step.ts';
import { writeEndpoint } from '../../../src/native/endpoint-codec.ts';

export type SaidEvent = Partial<Omit<SpawnerEvent, 'type' | 'peer'>> & {
  readonly type: SpawnerEvent['type'];
  readonly peer?: Endpoint;
};

/** The packet of the spawner for an event, as readEvent reads it. */
export function encodeEvent(event: SaidEvent): Uint8Array {
  const bytes = new Uint8Array(EVENT_BYTES);
  const view = new DataView(bytes.buffer);
  const { type, generation = 0, id = 0, slot = 0n, service = 0, pid = 0, step = 'none' } = event;
  view.setUint32(0, EVENT_TYPES.indexOf(type) + 1, true);
  view.setUint32(4, generation, true);
  view.setBigUint64(8, BigInt(id), true);
  view.setBigUint64(16, slot, true);
  view.setUint32(24, service, true);
  view.setInt32(28, pid, true);
  view.setUint32(32, LAUNCH_STEPS.indexOf(step), true);
  view.setInt32(36, event.errno ?? 0, true);
  view.setInt32(40, event.status ?? 0, true);
  if (event.peer) writeEndpoint(event.peer, view, 72);
  view.setUint32(96, event.listener ?? NO_NUMBER, true);
  return bytes;
}
