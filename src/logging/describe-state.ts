import type { DaemonEvent } from '../events/event.ts';
import type { ListenerState, ServiceState } from '../events/service-state.ts';
import { describeListen } from '../model/listen-address.ts';
import { formatDurationMs } from '../model/quantity.ts';
import { describePause } from './describe-pause.ts';

type State = Extract<DaemonEvent, { readonly type: 'state' }>;
function describeListener({ local, isOpen, pauses, code }: ListenerState): string {
  const where = describeListen(local);
  if (!isOpen) return `${where} is not open${code === undefined ? '' : ` (${code})`}`;
  return pauses.length === 0
    ? `${where} accepts`
    : `${where} waits (${pauses.map(describePause).join(', ')})`;
}

function describeSuspension({ suspension }: ServiceState): readonly string[] {
  return suspension ? [`suspended for ${formatDurationMs(suspension.forMs)} (${suspension.reason})`] : [];
}

/** The whole daemon in a line. */
export function describeState(state: State): string {
  const { services, running, starting, sources, bans, generation, upMs } = state;
  const handlers = `${running} running and ${starting} starting`;
  return `State: services ${services}, handlers ${handlers}, sources ${sources}, bans ${bans}, configuration number ${generation}, up ${formatDurationMs(upMs)}`;
}

/** A service in a line: what runs, what has been, and what its sockets do, for somebody who was woken up by it. */
export function describeServiceState(service: string, state: ServiceState): string {
  const { running, starting, instances, counts } = state;
  const most = Number.isFinite(instances) ? ` of ${instances}` : '';
  const { started, failed, ended, refused } = counts;
  return [
    `State of ${service}: ${running}${most} running, ${starting} starting`,
    `${started} started, ${ended} ended, ${failed} failed, ${refused} refused`,
    ...(state.standing === 'enabled' ? [] : [state.standing]),
    ...describeSuspension(state),
    ...state.listeners.map(describeListener),
  ].join('; ');
}
