import { constants } from 'node:os';
import type { ReloadFailure } from '../events/event.ts';
import { NO_NUMBER, type SpawnerEvent } from '../launch/spawner-event.ts';
import { doListenersClash } from '../model/listener-clash.ts';
import type { Policy } from '../model/policy.ts';
import type { RefusedConfig } from '../model/refused-config.ts';
import { errnoName } from '../native/errno.ts';
import { listenersOf } from './listeners-of.ts';

const { errno } = constants;

/** Why the spawner has no new table to offer, and what it has instead. */
export interface Outcome {
  readonly event: SpawnerEvent;
  /** Of a configuration that is good, but for a listener. */
  readonly policy: Policy | undefined;
  readonly refused: RefusedConfig;
  readonly running: Policy;
}

function listenFailure({ event, policy, running }: Outcome): ReloadFailure | undefined {
  const listener = policy && listenersOf(policy)[event.service];
  if (!listener) return undefined;
  const { name: service, configured: local } = listener;
  const isOurs = listenersOf(running).some(({ configured }) => doListenersClash(configured, local));
  return { reason: 'listen', service, local, code: errnoName(event.errno), isOurs };
}

/** Of an outcome with an error. */
export function failureOf(outcome: Outcome): ReloadFailure {
  const { event, refused } = outcome;
  const listen = event.service === NO_NUMBER ? undefined : listenFailure(outcome);
  if (listen) return listen;
  switch (event.errno) {
    case errno.EINVAL: {
      const errors = refused.findings.list.filter(({ severity }) => severity === 'error');
      return { reason: 'invalid', errors: errors.length };
    }
    case errno.ETIMEDOUT:
      return { reason: 'time' };
    default:
      return { reason: 'system', code: errnoName(event.errno) };
  }
}
