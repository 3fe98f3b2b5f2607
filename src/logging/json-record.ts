import type { DaemonEvent, ReloadChanges, ReloadFailure, ZinetdEvent } from '../events/event.ts';
import { formatVersions, type RpcRegistration } from '../model/rpc.ts';
import { isConnectionRecord } from './connection-record.ts';
import { connectionOf, hasHost, isShown } from './json-connection.ts';
import type { JsonObject } from './json-object.ts';
import { localOf, peerOf, viaOf } from './json-place.ts';
import { stateOf } from './json-state.ts';
import { levelOf } from './level.ts';
import { FULL_VIEW, type RecordView } from './record-view.ts';
import type { RenderRecord } from './render-record.ts';
import { cachePerSecond } from './second-cache.ts';
import { describeDaemonEvent } from './sentence.ts';

const NOT_PLAIN = /[^ -~]/g;

function rpcOf({ program, netid, address, ...versions }: RpcRegistration): JsonObject {
  return { program, versions: formatVersions(versions), netid, address };
}

function countsOf({ added, removed, changed }: ReloadChanges): JsonObject {
  return { added: added.length, removed: removed.length, changed: changed.length };
}

function workerExitOf(event: Extract<DaemonEvent, { type: 'worker-exited' }>): JsonObject {
  const { pid, exit, given, lost, end } = event;
  return { pid, status: exit.status, signal: exit.signal, duration_ms: exit.durationMs, given, lost, end };
}

function failureOf(failure: ReloadFailure): JsonObject {
  if (failure.reason !== 'listen') {
    const { reason, ...rest } = failure;
    return 'code' in rest ? { reason, error: rest.code } : { reason, ...rest };
  }
  const { reason, service, local, code } = failure;
  return { reason, service, local: localOf(local), error: code };
}

/** The keys that are particular to one type of event of the daemon itself. */
function daemonOf(event: DaemonEvent): JsonObject {
  switch (event.type) {
    case 'listening':
    case 'closed':
      return { local: localOf(event.local) };
    case 'listen-failed':
      return { local: localOf(event.local), error: event.code, retry_ms: event.retryMs };
    case 'ready':
      return { services: event.services, adopted: event.adopted, errors: event.errors || undefined };
    case 'dispatcher-restarted':
    case 'resolver-restarted':
      return { times: event.times };
    case 'paused':
      return { reason: event.reason, retry_ms: event.retryMs };
    case 'fruitless':
      return { retry_ms: event.retryMs };
    case 'datagrams-dropped':
      return { count: event.count };
    case 'suspended':
      return { reason: event.reason, for_ms: event.forMs };
    case 'banned':
      return {
        reason: event.reason,
        for_ms: Number.isFinite(event.forMs) ? Math.ceil(event.forMs) : undefined,
      };
    case 'decider-failed':
      return { step: event.failure.step, error: event.failure.code };
    case 'worker-started':
      return { pid: event.pid };
    case 'worker-exited':
      return workerExitOf(event);
    case 'worker-failed': {
      const { failure, retryMs } = event;
      return { step: failure.step, error: failure.code, retry_ms: retryMs || undefined };
    }
    case 'sources-full':
      return { untracked: event.untracked };
    case 'bans-full':
      return { unrecorded: event.unrecorded };
    case 'bans-restored':
      return { count: event.count, expired: event.expired };
    case 'bans-left-out':
      return { count: event.count, reason: event.reason };
    case 'state-damaged':
      return { slots: event.slots, restored: event.restored };
    case 'state-failed':
      return { action: event.action, error: event.code };
    case 'rpc-registered':
      return rpcOf(event.registration);
    case 'rpc-failed': {
      const { registration, action, why, code } = event;
      return { ...rpcOf(registration), action, reason: why, error: code };
    }
    case 'sandbox-lacks':
      return { feature: event.feature, consequence: event.consequence };
    case 'request-refused':
      return { request: event.request, error: event.code };
    case 'reloaded':
      return { services: event.services, ...countsOf(event.changes), errors: event.errors || undefined };
    case 'reload-failed':
      return failureOf(event.failure);
    case 'upgrading':
      return { running: event.running };
    case 'upgraded':
      return { version: event.version };
    case 'upgrade-failed':
      return { step: event.failure.step, reason: event.failure.reason };
    case 'diagnostic': {
      const { severity, code, place, message: text, help } = event.finding;
      return { severity, code, place, text, help };
    }
    case 'dispatcher-crashed':
      return { error: event.error, at: event.at };
    case 'log-failed':
      return { to: event.to, error: event.code };
    case 'log-resumed':
    case 'log-ended':
      return { to: event.to, lost: event.lost };
    case 'log-limit':
      return { to: event.to, limit: event.limit, bytes: event.bytes };
    case 'state': {
      const { type: _, upMs, ...counts } = event;
      return { ...counts, up_ms: Math.round(upMs) };
    }
    case 'service-state':
      return stateOf(event.state);
    case 'controlled':
      return { method: event.method, subject: event.subject, uid: event.uid, outcome: event.outcome };
    case 'control-refused':
      return { reason: event.reason, uid: event.uid, count: event.count };
    case 'watch-failed':
      return { path: event.path, error: event.code };
    case 'stopping':
      return { running: event.running };
    case 'stopped':
      return { killed: event.killed, running: event.running };
    case 'records-lost':
      return { count: event.count };
    default:
      return {};
  }
}

function recordOf(
  event: ZinetdEvent,
  { time, view }: { readonly time: string; readonly view: RecordView },
): JsonObject {
  const head = { time, level: levelOf(event), event: event.type };
  const service = 'service' in event ? event.service : undefined;
  if (isConnectionRecord(event)) {
    const peer = 'peer' in event && hasHost(event, view) ? peerOf(event.peer, view) : undefined;
    const via = 'via' in event && hasHost(event, view) ? viaOf(event.via, view) : undefined;
    return { ...head, service, peer, via, ...connectionOf(event, view) };
  }
  const peer = 'peer' in event ? peerOf(event.peer, view) : undefined;
  return { ...head, service, peer, ...daemonOf(event), message: describeDaemonEvent(event, view.address) };
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** One JSON object a line, of 0x20 to 0x7E only; JSON leaves DEL and everything above it as it is (S116). */
export function jsonRenderer(): RenderRecord {
  const second = cachePerSecond((date) => date.toISOString().slice(0, -'000Z'.length));
  return (event, epochMs, view = FULL_VIEW) => {
    if (isConnectionRecord(event) && !isShown(event, view)) return undefined;
    const ms = Math.floor(epochMs) - Math.floor(epochMs / 1000) * 1000;
    const time = `${second(epochMs)}${String(ms).padStart(3, '0')}Z`;
    return `${JSON.stringify(recordOf(event, { time, view })).replace(NOT_PLAIN, escapeUnit)}\n`;
  };
}
