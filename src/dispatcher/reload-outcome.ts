import { constants } from 'node:os';
import type { DaemonEvent } from '../events/event.ts';
import type { SpawnerEvent } from '../launch/spawner-event.ts';
import { errnoName } from '../native/errno.ts';

/** Why there is no new policy in force: the spawner had none (compiler.c), or the one that it had cannot be swapped in. */
export function reloadFailed(event: SpawnerEvent): DaemonEvent {
  switch (event.errno) {
    case constants.errno.EINVAL:
      return { type: 'reload-failed', reason: 'invalid', code: undefined };
    case 0:
      return { type: 'reload-failed', reason: 'restart-needed', code: undefined };
    case constants.errno.ETIMEDOUT:
      return { type: 'reload-failed', reason: 'time', code: undefined };
    default:
      return { type: 'reload-failed', reason: 'system', code: errnoName(event.errno) };
  }
}
