import type { ServiceState } from '../../control/messages.ts';
import { gatherState } from '../gather-state.ts';
import type { ControlParts } from './control-parts.ts';
import { serviceStatus } from './service-status.ts';

/** What there is to say of a service in a word, and how many of its clients are being served. */
export function serviceWord(
  { state }: Pick<ControlParts, 'state'>,
  service: number,
): { readonly word: ServiceState; readonly running: number } {
  const found = gatherState(state).services.find(({ number }) => number === service);
  if (!found) return { word: 'disabled', running: 0 };
  const { state: word, running, starting } = serviceStatus(found);
  return { word, running: running + starting };
}
