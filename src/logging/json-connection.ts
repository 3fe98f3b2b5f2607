import type { RefusedMoreEvent, Traffic } from '../events/event.ts';
import type { Exit } from '../events/exit.ts';
import { failureWord } from '../model/failure-reason.ts';
import type { ConnectionRecord } from './connection-record.ts';
import type { JsonObject } from './json-object.ts';
import type { RecordView } from './record-view.ts';
import { refusalOf } from './verdict-json.ts';

function moreOf(event: RefusedMoreEvent, { failure, address }: RecordView): JsonObject {
  const source = event.source && failure.has('host') ? address(event.source) : undefined;
  return {
    reason: event.reason,
    peer: source === undefined ? undefined : { address: source },
    count: event.count,
    sources: event.sources,
    more_sources: event.hasMoreSources ? true : undefined,
    duration_ms: Math.round(event.durationMs),
  };
}

function exitOf(exit: Exit, { success }: RecordView): JsonObject {
  const isEnd = success.has('exit');
  return {
    status: isEnd ? exit.status : undefined,
    signal: isEnd ? exit.signal : undefined,
    duration_ms: success.has('duration') ? exit.durationMs : undefined,
    user_us: exit.userUs,
    system_us: exit.systemUs,
    max_rss_kb: exit.maxRssKb,
  };
}

function trafficOf(
  { traffic }: { readonly traffic?: Traffic | undefined },
  { success }: RecordView,
): JsonObject {
  return traffic && success.has('traffic') ? { in_bytes: traffic.inBytes, out_bytes: traffic.outBytes } : {};
}

/** The keys that are particular to one type of event of a connection. */
export function connectionOf(event: ConnectionRecord, view: RecordView): JsonObject {
  const { success, failure } = view;
  switch (event.type) {
    case 'started':
      return { pid: success.has('pid') ? event.pid : undefined };
    case 'refused':
      return failure.has('why') ? refusalOf(event.verdict, view) : { reason: event.verdict.reason };
    case 'refused-more':
      return moreOf(event, view);
    case 'failed': {
      const { step, code: error } = event.failure;
      return { reason: failureWord(event.failure.step), ...(failure.has('why') ? { step, error } : {}) };
    }
    case 'exited': {
      const pid = success.has('pid') ? event.pid : undefined;
      return { pid, end: event.end, ...exitOf(event.exit, view), ...trafficOf(event, view) };
    }
    case 'identified':
      return { system: event.system, user: event.user };
    case 'unidentified':
      return { reason: event.why };
    case 'stderr': {
      const { connection, pid, text } = event;
      return { connection, pid, text, cut: event.isCut ? true : undefined };
    }
    case 'stderr-dropped':
      return { count: event.count };
  }
}

/** Whether a view has anything of an event. */
export function isShown(event: ConnectionRecord, { success, failure }: RecordView): boolean {
  switch (event.type) {
    case 'started':
      return success.size > 0;
    case 'exited':
      return success.has('exit') || success.has('duration') || (success.has('traffic') && !!event.traffic);
    case 'identified':
    case 'unidentified':
    case 'stderr':
    case 'stderr-dropped':
      return true;
    case 'refused':
    case 'refused-more':
    case 'failed':
      return failure.size > 0;
  }
}

/** And of the address of its client. */
export function hasHost(event: ConnectionRecord, { success, failure }: RecordView): boolean {
  const isFailure = event.type === 'refused' || event.type === 'failed';
  return (isFailure ? failure : success).has('host');
}
