import type { Arrived } from './arrived.ts';
import type { Floor } from './floor.ts';

/** Nobody knows to which of our addresses it came: whoever is served by that is not served by chance. Takes the descriptor. */
export function unknownAddress(
  floor: Floor,
  { connection, descriptor }: Pick<Arrived, 'connection' | 'descriptor'>,
  code: string,
): void {
  descriptor.close();
  floor.failures.tell(connection, { step: 'address', code });
}
