import type { ConnectionEvent, IdentEvent } from '../events/event.ts';
import type { Exit } from '../events/exit.ts';
import { escapeText, escapeToken } from '../model/escape.ts';
import type { RecordView } from './record-view.ts';
import { describeFrom } from './text-from.ts';
import { describeVia } from './text-via.ts';

type Of<T extends ConnectionEvent['type']> = Extract<ConnectionEvent, { readonly type: T }>;
type IdentOf<T extends IdentEvent['type']> = Extract<IdentEvent, { readonly type: T }>;

/** What zinetd serves itself has no process; xinetd writes 0 then, and filters expect a number. */
const NO_PROCESS = 0;

/** `START: ID pid=P from=A` of xinetd, as far as `log_on_success` has it; nothing if that is empty. */
export function describeStarted(
  { service, pid, peer, via }: Of<'started'>,
  view: RecordView,
): readonly string[] {
  const { success } = view;
  if (success.size === 0) return [];
  const process = success.has('pid') ? ` pid=${pid ?? NO_PROCESS}` : '';
  const who = success.has('host') ? `${describeFrom(peer, view)}${describeVia(via)}` : '';
  return [`START: ${escapeToken(service)}${process}${who}`];
}

function describeEnd({ status, signal }: Exit): string {
  return signal === undefined ? ` status=${status ?? 0}` : ` signal=${signal}`;
}

/** Of a connection that zinetd ended before its time; xinetd has no such word, and serves its own until it is gone. */
function describeForced({ end, pid }: Of<'exited'>): string {
  const isUsual = end === 'done' || end === 'gone' || (end === 'stopping' && pid === undefined);
  return end === undefined || isUsual ? '' : ` end=${end}`;
}

/** `TRAFFIC: ID in=N(bytes) out=N(bytes)`, then `EXIT: ID status=N pid=P duration=D(sec)`. */
export function describeExited(event: Of<'exited'>, { success }: RecordView): readonly string[] {
  const { exit, pid, traffic } = event;
  const service = escapeToken(event.service);
  const lines: string[] = [];
  if (traffic && success.has('traffic')) {
    lines.push(`TRAFFIC: ${service} in=${traffic.inBytes}(bytes) out=${traffic.outBytes}(bytes)`);
  }
  if (success.has('exit') || success.has('duration')) {
    const end = success.has('exit') ? describeEnd(exit) : '';
    const process = success.has('pid') ? ` pid=${pid ?? NO_PROCESS}` : '';
    const seconds = success.has('duration') ? ` duration=${Math.floor(exit.durationMs / 1000)}(sec)` : '';
    lines.push(`EXIT: ${service}${end}${process}${seconds}${describeForced(event)}`);
  }
  return lines;
}

/** `USERID: ID SYSTEM : USER`, the end of the answer of RFC 1413. */
export function describeIdentified({ service, system, user }: IdentOf<'identified'>): readonly string[] {
  return [`USERID: ${escapeToken(service)} ${escapeText(`${system} : ${user}`)}`];
}

/** `NOID: ID A WHY`. xinetd tells only of those who are not served for want of an answer. */
export function describeUnidentified(
  { service, peer, why, isDemanded }: IdentOf<'unidentified'>,
  { address, failure }: RecordView,
): readonly string[] {
  if (!isDemanded && !failure.has('why')) return [];
  return [`NOID: ${escapeToken(service)} ${address(peer.bytes) ?? '-'} ${escapeText(why)}`];
}
