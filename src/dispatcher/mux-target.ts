import type { Endpoint } from '../model/address.ts';
import type { Arrived } from './arrived.ts';
import type { Floor } from './floor.ts';
import { rulesOf } from './rules.ts';
import { serve } from './serve.ts';
import { unknownAddress } from './unknown-address.ts';

/**
 * A connection that came by tcpmux, from here on as if it had come to the service itself: its access lists, limits
 * and times, its user, and its name in the log (S52). Takes the descriptor.
 */
export function serveTarget(
  floor: Floor,
  arrived: Arrived,
  target: {
    readonly service: number;
    readonly greeting: Uint8Array | undefined;
    /** Of the connection itself, for a service to which that matters. */
    readonly local: () => Endpoint | string;
  },
): void {
  const { service, greeting } = target;
  const { needsLocal } = rulesOf(floor.rules, service);
  // What a proxy has said of it stays.
  const local = needsLocal && !arrived.connection.via ? target.local() : arrived.local;
  if (typeof local === 'string') {
    unknownAddress(floor, { ...arrived, connection: { ...arrived.connection, service } }, local);
    return;
  }
  serve(floor, {
    ...arrived,
    connection: { ...arrived.connection, service },
    local,
    greeting,
    ...{ isMuxed: true, isTold: false },
  });
}
