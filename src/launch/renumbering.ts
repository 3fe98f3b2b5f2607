import type { Numbering } from './numbering.ts';
import type { Request } from './request.ts';
import { NO_NUMBER, type SpawnerEvent } from './spawner-event.ts';

function inverse(numbers: readonly number[]): ReadonlyMap<number, number> {
  return new Map(numbers.map((ours, theirs) => [ours, theirs]));
}

/** Whether its numbers are these, so that it need not be made anew: after most reloads, nearly all are. */
function isMeant(
  packet: Request | SpawnerEvent,
  { service, listener }: { readonly service: number; readonly listener: number | undefined },
): boolean {
  const hasService = !('service' in packet) || packet.service === service;
  return hasService && (!('listener' in packet) || packet.listener === listener);
}

/** Translates between our numbers and those of one launch table. */
export class Renumbering {
  readonly #ours: Numbering;
  readonly #services: ReadonlyMap<number, number>;
  readonly #rows: ReadonlyMap<number, number>;

  constructor(ours: Numbering) {
    this.#ours = ours;
    this.#services = inverse(ours.services);
    this.#rows = inverse(ours.rows);
  }

  /** As the spawner wants it; undefined where the service or the listener is no more. */
  outgoing(request: Request): Request | undefined {
    const service = 'service' in request ? this.#services.get(request.service) : 0;
    const listener = 'listener' in request ? this.#rows.get(request.listener) : 0;
    if (service === undefined || listener === undefined) return undefined;
    if (isMeant(request, { service, listener })) return request;
    return {
      ...request,
      ...('service' in request && { service }),
      ...('listener' in request && { listener }),
    } as Request;
  }

  /** As we call it. */
  incoming(event: SpawnerEvent): SpawnerEvent {
    const { services, rows } = this.#ours;
    const listener = event.listener === undefined ? undefined : rows[event.listener];
    // The row of both is one of the next table, which has no numbers yet.
    if (event.type === 'kept' || event.type === 'reload') return { ...event, listener };
    if (event.type === 'listener') return { ...event, service: rows[event.service] ?? NO_NUMBER };
    const service = services[event.service] ?? NO_NUMBER;
    return isMeant(event, { service, listener }) ? event : { ...event, service, listener };
  }
}
