import type { Exit, LaunchFailure } from '../events/event.ts';
import type { SpawnerEvent } from '../launch/spawner-event.ts';
import { errnoName } from '../native/errno.ts';
import type { Child } from '../supervise/child-table.ts';
import { type Floor, policyOf } from './serve.ts';

/** wait(2): the low seven bits are the signal, the second byte is the status. */
function exitOf(event: SpawnerEvent): Exit {
  const signal = event.status & 0x7f;
  return {
    status: signal === 0 ? (event.status >> 8) & 0xff : undefined,
    signal: signal === 0 ? undefined : signal,
    durationMs: event.durationUs / 1000,
    userUs: event.userUs,
    systemUs: event.systemUs,
    maxRssKb: event.maxRssKb,
  };
}

/** A child that this dispatcher did not launch: its connection as the spawner remembers it. */
function adopted(floor: Floor, event: SpawnerEvent): Child {
  const { id, service, peer } = event;
  return { connection: { id, service, peer }, ticket: floor.ledger.reserve(service) };
}

/** A handler that an earlier dispatcher started, and told of. */
export function adoptChild(floor: Floor, event: SpawnerEvent): void {
  floor.children.run(event.id, () => adopted(floor, event));
}

export function handlerStarted(floor: Floor, event: SpawnerEvent): void {
  const { connection } = floor.children.run(event.id, () => adopted(floor, event));
  const service = policyOf(floor, event.service).name;
  floor.bus.emit({ type: 'started', service, peer: connection.peer, pid: event.pid });
}

export function handlerExited(floor: Floor, event: SpawnerEvent): void {
  floor.children.end(event.id)?.ticket.spend();
  const service = policyOf(floor, event.service).name;
  floor.bus.emit({ type: 'exited', service, peer: event.peer, pid: event.pid, exit: exitOf(event) });
}

export function launchFailed(floor: Floor, event: SpawnerEvent): void {
  floor.children.end(event.id)?.ticket.spend();
  const service = policyOf(floor, event.service).name;
  const code = event.errno === 0 ? undefined : errnoName(event.errno);
  floor.bus.emit({ type: 'failed', service, peer: event.peer, failure: { step: event.step, code } });
}

/**
 * A launch that the spawner never took: it could not be sent, or was refused as malformed, which is a bug of
 * ours. This connection has come to its end too.
 */
export function launchNotTaken(floor: Floor, id: number, failure: LaunchFailure): void {
  const child = floor.children.end(id);
  if (!child) return;
  child.ticket.spend();
  const { service, peer } = child.connection;
  floor.bus.emit({ type: 'failed', service: policyOf(floor, service).name, peer, failure });
}
