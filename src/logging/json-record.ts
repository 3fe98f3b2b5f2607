import type { DaemonEvent, Exit, RefusedMoreEvent, ZinetdEvent } from '../events/event.ts';
import type { ListenerState, ServiceState } from '../events/service-state.ts';
import { type Endpoint, formatAddress } from '../model/address.ts';
import type { ListenPlace } from '../model/listen-address.ts';
import { credentialsOf } from '../model/local-peer.ts';
import { isNobody } from '../model/nobody.ts';
import { formatVersions, type RpcRegistration } from '../model/rpc.ts';
import { launchReason } from './fail-reason.ts';
import type { JsonObject } from './json-object.ts';
import { levelOf } from './level.ts';
import { cachePerSecond } from './second-cache.ts';
import { describeDaemonEvent } from './sentence.ts';
import type { RenderRecord } from './text-record.ts';
import { refusalOf } from './verdict-json.ts';

const NOT_PLAIN = /[^ -~]/g;

function endpointOf(endpoint: Endpoint): JsonObject {
  const { port, scopeId } = endpoint;
  const credentials = credentialsOf(endpoint.bytes);
  if (credentials) return { ...credentials };
  return { address: formatAddress(endpoint.bytes), port, scope_id: scopeId === 0 ? undefined : scopeId };
}

function localOf({ scheme, address }: ListenPlace): JsonObject {
  return { scheme, ...(address.family === 'path' ? { path: address.path } : endpointOf(address)) };
}

function rpcOf({ program, netid, address, ...versions }: RpcRegistration): JsonObject {
  return { program, versions: formatVersions(versions), netid, address };
}

function moreOf(event: RefusedMoreEvent): JsonObject {
  return {
    reason: event.reason,
    peer: event.source && { address: formatAddress(event.source) },
    count: event.count,
    sources: event.sources,
    more_sources: event.hasMoreSources ? true : undefined,
    duration_ms: Math.round(event.durationMs),
  };
}

function exitOf(exit: Exit): JsonObject {
  return {
    status: exit.status,
    signal: exit.signal,
    duration_ms: exit.durationMs,
    user_us: exit.userUs,
    system_us: exit.systemUs,
    max_rss_kb: exit.maxRssKb,
  };
}

function listenerOf({ local, isOpen, pauses, code }: ListenerState): JsonObject {
  return { ...localOf(local), accepts: isOpen && pauses.length === 0, pauses, error: code };
}

function stateOf({ counts, suspension, listeners, ...state }: ServiceState): JsonObject {
  return {
    ...{ running: state.running, starting: state.starting },
    instances: Number.isFinite(state.instances) ? state.instances : undefined,
    ...counts,
    suspended: suspension && { reason: suspension.reason, for_ms: Math.ceil(suspension.forMs) },
    listeners: listeners.map(listenerOf),
  };
}

/** The keys that are particular to one type of event. */
function detailsOf(event: ZinetdEvent): JsonObject {
  switch (event.type) {
    case 'started':
      return { pid: event.pid };
    case 'refused':
      return refusalOf(event.verdict);
    case 'refused-more':
      return moreOf(event);
    case 'failed':
      return { reason: launchReason(event.failure), step: event.failure.step, error: event.failure.code };
    case 'exited':
      return { pid: event.pid, end: event.end, ...exitOf(event.exit) };
    case 'listening':
    case 'closed':
      return { local: localOf(event.local) };
    case 'listen-failed':
      return { local: localOf(event.local), error: event.code, retry_ms: event.retryMs };
    case 'ready':
      return { services: event.services, adopted: event.adopted };
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
      return { services: event.services };
    case 'reload-failed':
      return { reason: event.reason, error: event.code };
    case 'identified':
      return { system: event.system, user: event.user };
    case 'unidentified':
      return { reason: event.why };
    case 'log-failed':
      return { to: event.to, error: event.code };
    case 'log-resumed':
      return { to: event.to, lost: event.lost };
    case 'log-limit':
      return { to: event.to, limit: event.limit, bytes: event.bytes };
    case 'state': {
      const { type: _, upMs, ...counts } = event;
      return { ...counts, up_ms: Math.round(upMs) };
    }
    case 'service-state':
      return stateOf(event.state);
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

const OF_CONNECTIONS: ReadonlySet<string> = new Set([
  'started',
  'refused',
  'refused-more',
  'failed',
  'exited',
  'identified',
  'unidentified',
]);

function isOfConnection(event: ZinetdEvent): event is Exclude<ZinetdEvent, DaemonEvent> {
  return OF_CONNECTIONS.has(event.type);
}

function recordOf(event: ZinetdEvent, time: string): JsonObject {
  const head = { time, level: levelOf(event), event: event.type };
  const service = 'service' in event ? event.service : undefined;
  const details = detailsOf(event);
  const peer = 'peer' in event && !isNobody(event.peer) ? endpointOf(event.peer) : undefined;
  const message = isOfConnection(event) ? undefined : describeDaemonEvent(event);
  return { ...head, service, peer, ...details, message };
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** One JSON object a line, of 0x20 to 0x7E only; JSON leaves DEL and everything above it as it is (S116). */
export function jsonRenderer(): RenderRecord {
  const second = cachePerSecond((date) => date.toISOString().slice(0, -'000Z'.length));
  return (event, epochMs) => {
    const ms = Math.floor(epochMs) - Math.floor(epochMs / 1000) * 1000;
    const time = `${second(epochMs)}${String(ms).padStart(3, '0')}Z`;
    return `${JSON.stringify(recordOf(event, time)).replace(NOT_PLAIN, escapeUnit)}\n`;
  };
}
