import type { DaemonEvent } from '../events/event.ts';
import { formatEndpoint } from '../model/address.ts';
import { assertNever } from '../model/assert-never.ts';

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** Handlers that are worth a mention only if there are any. */
function also(count: number, what: string): string {
  return count === 0 ? '' : `, ${counted(count, 'handler')} ${what}`;
}

/** What happened to the daemon, in one plain sentence; not escaped yet. */
export function describeDaemonEvent(event: DaemonEvent): string {
  switch (event.type) {
    case 'listening':
      return `${event.service} listens on tcp://${formatEndpoint(event.local)}`;
    case 'listen-failed':
      return `Cannot listen on tcp://${formatEndpoint(event.local)} for ${event.service}: ${event.code}`;
    case 'ready':
      return `Ready with ${counted(event.services, 'service')}${also(event.adopted, 'taken over')}`;
    case 'program-replaced':
      return `Another file is in the place of the program of ${event.service} than at the start`;
    case 'dispatcher-restarted':
      return `The dispatcher ended unexpectedly and was started again (${counted(event.times, 'time')} so far)`;
    case 'paused':
      return `${event.service} accepts nothing for ${event.retryMs} ms: ${event.reason}`;
    case 'resumed':
      return `${event.service} accepts again`;
    case 'sandbox-lacks':
      return `The sandbox lacks ${event.feature}: ${event.consequence}`;
    case 'request-refused':
      return `The spawner refused a request "${event.request}": ${event.code}`;
    case 'reload-unsupported':
      return 'Cannot reload: this version has no reload, the configuration stays as it is';
    case 'stopping':
      return `Stopping with ${counted(event.running, 'handler')} running`;
    case 'stopped':
      return `Stopped${also(event.killed, 'ended by a signal')}`;
    case 'spawner-gone':
      return 'The spawner is gone: the dispatcher ends, handlers finish';
    case 'records-lost':
      return `Lost ${counted(event.count, 'log record')} here: the log took none for a while`;
    default:
      return assertNever(event);
  }
}
