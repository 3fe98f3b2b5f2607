import { constants } from 'node:os';
import type { DaemonEvent } from '../events/event.ts';
import type { SpawnerEvent } from '../launch/spawner-event.ts';
import { errnoName } from '../native/errno.ts';

/** Why there is no new policy in force: the spawner has none (compiler.c). */
export function reloadFailed(event: SpawnerEvent): DaemonEvent {
  switch (event.errno) {
    case constants.errno.EINVAL:
      return { type: 'reload-failed', reason: 'invalid', code: undefined };
    case constants.errno.ETIMEDOUT:
      return { type: 'reload-failed', reason: 'time', code: undefined };
    default:
      return { type: 'reload-failed', reason: 'system', code: errnoName(event.errno) };
  }
}
