import type { Call } from '../../control/call.ts';
import { gatherState } from '../gather-state.ts';
import type { ControlParts } from './control-parts.ts';
import { serviceStatus } from './service-status.ts';

/** What everything does. */
export function answerStatus({ world, state, reloads }: ControlParts, call: Call<'status'>): void {
  const { services, ...daemon } = gatherState(state);
  const { current, restarts } = state.phase;
  const { last: lastReload } = reloads;
  call.result({
    ...{ version: world.version, pid: world.pids.spawner, dispatcherPid: world.pids.dispatcher },
    ...{ phase: current === 'stopping' ? 'stopping' : 'serving', restarts },
    ...daemon,
    lastReload: lastReload && {
      outcome: lastReload.outcome,
      why: lastReload.why,
      agoMs: world.nowMs() - lastReload.atMs,
    },
    services: services.map(serviceStatus),
  });
}
