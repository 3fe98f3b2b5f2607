import type { Call } from '../../control/call.ts';
import type { ControlParts } from './control-parts.ts';
import { disableService } from './disable-service.ts';
import { placesOf } from './places-of.ts';

/** Lets nobody in any more: the sockets stay ours, and whoever comes is refused. Handlers that run go on. */
export function answerDisable(parts: ControlParts, call: Call<'disable'>): void {
  disableService(parts, { name: call.params.service, action: 'disable', call }, ({ service, was }) =>
    call.result({ was, running: placesOf(parts.floor(), service) }),
  );
}
