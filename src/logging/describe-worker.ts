import type { WorkerEnd, WorkerEvent } from '../events/worker-event.ts';
import { assertNever } from '../model/assert-never.ts';
import { countOf } from '../model/count-of.ts';
import { formatDurationMs } from '../model/quantity.ts';

const ENDS: Readonly<Record<WorkerEnd, string>> = {
  renewed: 'another one has its place',
  reload: 'a reload made it another one',
  stopping: 'zinetd stops',
  connection: 'one of its connections was ended',
  protocol: 'it did not keep to the protocol',
  surplus: 'there were too many',
};

function describeExit({ exit: { status, signal } }: Extract<WorkerEvent, { type: 'worker-exited' }>): string {
  return signal === undefined ? `status ${status}` : `signal ${signal}`;
}

/** What happened to a handler that lives on, in one plain sentence. */
export function describeWorker(event: WorkerEvent): string {
  const { service } = event;
  switch (event.type) {
    case 'worker-started':
      return `Worker ${event.pid} of ${service} serves`;
    case 'worker-exited': {
      const { pid, given, lost, end } = event;
      const why = end === undefined ? '' : `, as ${ENDS[end]}`;
      const had = given === undefined ? '' : ` after ${countOf(given, 'connection')}`;
      const losses = !lost ? '' : `, ${countOf(lost, 'connection')} ended with it`;
      return `Worker ${pid} of ${service} has ended (${describeExit(event)})${had}${why}${losses}`;
    }
    case 'worker-failed': {
      const { step, code } = event.failure;
      const when = event.retryMs === 0 ? '' : `, tried again in ${formatDurationMs(event.retryMs)}`;
      return `Cannot start a worker of ${service}: ${step}${code === undefined ? '' : ` (${code})`}${when}`;
    }
    default:
      return assertNever(event);
  }
}
