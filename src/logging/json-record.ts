import type { Exit, ZinetdEvent } from '../events/event.ts';
import { type Endpoint, formatAddress } from '../model/address.ts';
import type { Verdict } from '../model/verdict.ts';
import { launchReason, refusalReason } from './fail-reason.ts';
import { EVENT_LEVELS } from './level.ts';
import { cachePerSecond } from './second-cache.ts';
import { describeDaemonEvent } from './sentence.ts';
import type { RenderRecord } from './text-record.ts';

const NOT_PLAIN = /[^ -~]/g;

interface JsonObject {
  readonly [key: string]: string | number | JsonObject | undefined;
}

function endpointOf(endpoint: Endpoint): JsonObject {
  const { port, scopeId } = endpoint;
  return { address: formatAddress(endpoint.bytes), port, scope_id: scopeId === 0 ? undefined : scopeId };
}

function refusalOf(verdict: Verdict): JsonObject {
  const failing = verdict.trace.find((outcome) => !outcome.passed);
  return {
    reason: refusalReason(verdict),
    check: failing && { name: failing.check, detail: failing.detail },
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

/** The keys that are particular to one type of event. */
function detailsOf(event: ZinetdEvent): JsonObject {
  switch (event.type) {
    case 'started':
      return { pid: event.pid };
    case 'refused':
      return refusalOf(event.verdict);
    case 'failed':
      return { reason: launchReason(event.failure), step: event.failure.step, error: event.failure.code };
    case 'exited':
      return { pid: event.pid, ...exitOf(event.exit) };
    case 'listening':
      return { local: endpointOf(event.local) };
    case 'listen-failed':
      return { local: endpointOf(event.local), error: event.code };
    case 'ready':
      return { services: event.services, adopted: event.adopted };
    case 'dispatcher-restarted':
      return { times: event.times };
    case 'paused':
      return { reason: event.reason, retry_ms: event.retryMs };
    case 'sandbox-lacks':
      return { feature: event.feature, consequence: event.consequence };
    case 'request-refused':
      return { request: event.request, error: event.code };
    case 'stopping':
      return { running: event.running };
    case 'stopped':
      return { killed: event.killed };
    case 'records-lost':
      return { count: event.count };
    default:
      return {};
  }
}

function recordOf(event: ZinetdEvent, time: string): JsonObject {
  const head = { time, level: EVENT_LEVELS[event.type], event: event.type };
  const service = 'service' in event ? event.service : undefined;
  const details = detailsOf(event);
  if ('peer' in event) return { ...head, service, peer: endpointOf(event.peer), ...details };
  return { ...head, service, ...details, message: describeDaemonEvent(event) };
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
