import type { Arrived } from './arrived.ts';
import type { Floor } from './floor.ts';
import { serve } from './serve.ts';

/**
 * A connection that came by tcpmux, from here on as if it had come to the service itself: its access lists, limits
 * and times, its user, and its name in the log (S52). Takes the descriptor.
 */
export function serveTarget(
  floor: Floor,
  arrived: Arrived,
  { service, greeting }: { readonly service: number; readonly greeting: Uint8Array | undefined },
): void {
  serve(floor, { ...arrived, connection: { ...arrived.connection, service }, greeting });
}
