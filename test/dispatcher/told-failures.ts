import { Failures } from '../../src/dispatcher/failures.ts';
import type { Bus } from '../../src/events/bus.ts';

/** Failures of the service `web`, each told of by itself. */
export function toldFailures(bus: Bus): Failures {
  return new Failures({ bus, reporter: { note: () => true }, nowMs: () => 0, nameOf: () => 'web' });
}
