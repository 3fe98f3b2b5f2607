import type { Floor } from '../floor.ts';

/** How many clients of a service have a place: those who are being started, or asked about, too. */
export function placesOf({ counters }: Floor, service: number): number {
  return counters.serviceFacts(service).running;
}
