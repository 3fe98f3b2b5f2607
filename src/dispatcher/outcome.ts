import type { PenaltyOutcome } from '../admission/penalty.ts';
import type { Exit } from '../events/exit.ts';
import type { LaunchFailure } from '../events/launch-failure.ts';
import type { SpawnerEvent } from '../launch/spawner-event.ts';
import { addressKey } from '../model/address.ts';
import { isAnswerable } from '../model/is-answerable.ts';
import { isDatagram } from '../model/listen-address.ts';
import { isNobody } from '../model/nobody.ts';
import { errnoName } from '../native/errno.ts';
import type { Child, Handler } from '../supervise/child-table.ts';
import { type Floor, policyOf } from './floor.ts';
import { outcomeOf } from './outcome-of.ts';
import { rulesOf } from './rules.ts';

/** No name of a service has parentheses. */
const REMOVED = '(removed)';

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

/** Where it is not known, since another dispatcher launched it: as if it were, wherever it may be. */
function isClaimed(floor: Floor, { service, listener, peer }: SpawnerEvent): boolean {
  const { listeners, proxy } = policyOf(floor, service);
  return (
    proxy !== undefined ||
    listener !== undefined ||
    isNobody(peer) ||
    listeners.some(({ scheme }) => isDatagram(scheme))
  );
}

/** Whether handlers of a service are the daemon that its connections are relayed to. */
function isDaemon(floor: Floor, service: number): boolean {
  return policyOf(floor, service).redirect?.idleStopMs !== undefined;
}

/** A worker is launched for nobody. */
function isWorker(floor: Floor, { service, peer }: SpawnerEvent): boolean {
  return policyOf(floor, service).pool !== undefined && isNobody(peer);
}

/** A child that this dispatcher did not launch: its connection as the spawner remembers it. */
function adopted(floor: Floor, event: SpawnerEvent): Child {
  const { id, service, peer } = event;
  const isOfPool = isWorker(floor, event);
  if (isOfPool || isDaemon(floor, service)) {
    const connection = { id, service, peer, isClaimed: true };
    return { connection, ticket: { spend: () => {} }, isWorker: isOfPool };
  }
  const source = floor.counters.sourceOf(addressKey(peer));
  const { service: prepared } = rulesOf(floor.rules, service);
  const ticket = floor.counters.adopt({ service, source }, { prepared, nowMs: floor.world.nowMs() });
  const letGo = event.listener === undefined ? () => {} : floor.hold(event.listener);
  const spend = (): void => {
    ticket.spend();
    letGo();
  };
  return { connection: { id, service, peer, isClaimed: isClaimed(floor, event) }, ticket: { spend } };
}

function handlerOf(floor: Floor, { slot, pid, durationUs }: SpawnerEvent): Handler {
  return { slot, pid, sinceMs: floor.world.nowMs() - durationUs / 1000 };
}

/** The handler is gone, or never was: what it had reserved is free again. */
function finish(floor: Floor, { id, service }: SpawnerEvent): Child | undefined {
  const child = floor.children.end(id);
  child?.ticket.spend();
  floor.daemons.over(service, id);
  floor.pacer.ended(service);
  return child;
}

/** What a client made of its handler may have a price. */
function punish(
  floor: Floor,
  { service: index, peer }: SpawnerEvent,
  outcome: PenaltyOutcome | undefined,
): void {
  const service = policyOf(floor, index);
  if (outcome === undefined || !service.penalties) return;
  floor.bans.penalise({ service, index, peer, source: floor.counters.sourceOf(addressKey(peer)) }, outcome);
}

/** A handler that an earlier dispatcher started, and told of. */
export function adoptChild(floor: Floor, event: SpawnerEvent): void {
  floor.children.run(event.id, { handler: handlerOf(floor, event), adopt: () => adopted(floor, event) });
  floor.lives.adopted(event.id);
  if (isWorker(floor, event)) floor.pools.adopt(event);
  else floor.daemons.up(event.service, event.id);
}

export function handlerStarted(floor: Floor, event: SpawnerEvent): void {
  const handler = handlerOf(floor, event);
  const child = floor.children.run(event.id, { handler, adopt: () => adopted(floor, event) });
  if (child.isWorker) {
    floor.lives.started(event.id);
    floor.pools.up(event.id, event.pid);
    return;
  }
  const { connection, severity, sinceMs } = child;
  const service = policyOf(floor, event.service).name;
  floor.timings.took('launch', { service, sinceMs });
  const { peer, via } = connection;
  floor.bus.emit({ type: 'started', service, peer, via, pid: event.pid, severity });
  floor.lives.started(event.id);
  floor.daemons.up(event.service, event.id);
}

export function handlerExited(floor: Floor, event: SpawnerEvent): void {
  floor.standardErrors.ended(event.id);
  const child = finish(floor, event);
  const end = floor.lives.over(event.id);
  const exit = exitOf(event);
  if (child?.isWorker) {
    floor.pools.over(event.id, { exit, end });
    return;
  }
  const service = policyOf(floor, event.service).name;
  const { peer, pid } = event;
  floor.bus.emit({ type: 'exited', service, peer, via: child?.connection.via, pid, exit, end });
  // What anybody can make up must not have a price for somebody else (S62).
  const isProven = child ? isAnswerable(child.connection) : !isClaimed(floor, event);
  if (isProven) punish(floor, event, outcomeOf(exit, end));
}

/** A handler of a service that a reload took out, and that an earlier dispatcher launched: nobody knows the name any more. */
export function strangerExited({ bus, standardErrors }: Floor, event: SpawnerEvent): void {
  standardErrors.ended(event.id);
  bus.emit({ type: 'exited', service: REMOVED, peer: event.peer, pid: event.pid, exit: exitOf(event) });
}

export function launchFailed(floor: Floor, event: SpawnerEvent): void {
  const child = finish(floor, event);
  floor.lives.over(event.id);
  const code = event.errno === 0 ? undefined : errnoName(event.errno);
  const failure = { step: event.step, code };
  if (child?.isWorker) {
    floor.pools.failed(event.id, failure);
    return;
  }
  const { service, peer } = event;
  floor.failures.tell({ service, peer, via: child?.connection.via }, failure);
}

/**
 * A launch that the spawner never took: it could not be sent, or was refused as malformed, which is a bug of
 * ours. This connection has come to its end too.
 */
export function launchNotTaken(floor: Floor, id: number, failure: LaunchFailure): void {
  const child = floor.children.end(id);
  if (!child) return;
  floor.lives.over(id);
  child.ticket.spend();
  const { service } = child.connection;
  floor.daemons.over(service, id);
  floor.pacer.ended(service);
  if (child.isWorker) floor.pools.failed(id, failure);
  else floor.failures.tell(child.connection, failure);
}
