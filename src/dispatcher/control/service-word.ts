import type { ServiceState } from '../../control/messages.ts';
import { gatherState } from '../gather-state.ts';
import type { ControlParts } from './control-parts.ts';
import { serviceStatus } from './service-status.ts';

/** What there is to say of a service in a word. */
export function serviceWord({ state }: Pick<ControlParts, 'state'>, service: number): ServiceState {
  const found = gatherState(state).services.find(({ number }) => number === service);
  return found ? serviceStatus(found).state : 'disabled';
}
