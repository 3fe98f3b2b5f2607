import type { Call } from '../../control/call.ts';
import type { ServiceState } from '../../control/messages.ts';
import { quoteText } from '../../model/escape.ts';
import { MOST_NAMES } from '../../supervise/name-slot.ts';
import type { ControlParts } from './control-parts.ts';
import { findService } from './find-service.ts';
import { serviceWord } from './service-word.ts';

export interface Disabled {
  /** Our number for it. */
  readonly service: number;
  readonly was: ServiceState;
}

/** Calls back once it is disabled, and that is saved; the client was told if it cannot be. */
export function disableService(
  parts: ControlParts,
  about: { readonly name: string; readonly action: string; readonly call: Pick<Call<'disable'>, 'error'> },
  done: (disabled: Disabled) => void,
): void {
  const { name, action, call } = about;
  const { switches, pacer } = parts.floor();
  const service = findService(parts.floor(), about);
  if (service === undefined) return;
  const was = serviceWord(parts, service);
  if (!switches.turnOff(name, () => done({ service, was })))
    call.error('failed', `Cannot ${action} ${quoteText(name)}: ${MOST_NAMES} services are disabled already`);
  pacer.look(service);
}
