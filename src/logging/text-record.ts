import type { Exit, LaunchFailure, RefusedMoreEvent, ZinetdEvent } from '../events/event.ts';
import { type Endpoint, formatAddress } from '../model/address.ts';
import { describeOutcome } from '../model/describe-outcome.ts';
import { escapeText, escapeToken } from '../model/escape.ts';
import { isNobody } from '../model/nobody.ts';
import { REFUSAL_TEXTS } from '../model/refusal-reason.ts';
import type { Refusal } from '../model/verdict.ts';
import { launchReason } from './fail-reason.ts';
import { EVENT_LEVELS } from './level.ts';
import { cachePerSecond } from './second-cache.ts';
import { describeDaemonEvent } from './sentence.ts';
import { describeWhy } from './why-line.ts';

export type RenderRecord = (event: ZinetdEvent, epochMs: number) => string;

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

/** `26/1/9@08:05:03: ` in local time: month and day without a leading zero, as xinetd's file log has them. */
function renderPrefix(second: Date): string {
  const date = `${twoDigits(second.getFullYear() % 100)}/${second.getMonth() + 1}/${second.getDate()}`;
  const time = [second.getHours(), second.getMinutes(), second.getSeconds()].map(twoDigits).join(':');
  return `${date}@${time}: `;
}

function from(peer: Endpoint): string {
  // As xinetd has it of a service that waits.
  return isNobody(peer) ? 'from=<no address>' : `from=${formatAddress(peer.bytes)}`;
}

function describeFailure(failure: LaunchFailure, peer: Endpoint): string {
  const error = failure.code === undefined ? '' : ` error=${escapeToken(failure.code)}`;
  return `${escapeToken(launchReason(failure))} ${from(peer)}${error}`;
}

/** What zinetd serves itself has no process; xinetd writes 0 then, and filters expect a number. */
const NO_PROCESS = 0;

function describeExit(exit: Exit, pid = NO_PROCESS): string {
  const end = exit.signal === undefined ? `status=${exit.status ?? 0}` : `signal=${exit.signal}`;
  return `${end} pid=${pid} duration=${Math.floor(exit.durationMs / 1000)}(sec)`;
}

/** Ends otherwise than the FAIL line of a connection, so that a filter for those does not count it as one. */
function describeMore(event: RefusedMoreEvent): string {
  const head = `FAIL: ${escapeToken(event.service)} ${REFUSAL_TEXTS[event.reason]}`;
  if (event.source) return `${head} from=${formatAddress(event.source)} repeated=${event.count}`;
  return `${head} repeated=${event.count} sources=${event.sources}${event.hasMoreSources ? '+' : ''}`;
}

function whyOf(
  service: string,
  { peer, refusal }: { readonly peer: Endpoint; readonly refusal: Refusal },
): string {
  const outcome = refusal.trace.at(-1);
  return describeWhy({
    service,
    peer: formatAddress(peer.bytes),
    check: outcome?.check ?? 'none',
    policy: refusal.policy.kind,
    detail: outcome ? describeOutcome(outcome) : '',
    rule: outcome?.rule,
  });
}

/** The line after that of an event, which filters written for xinetd do not look at. */
function describeFurther(event: ZinetdEvent): string | undefined {
  if (event.type !== 'refused') return undefined;
  return whyOf(event.service, { peer: event.peer, refusal: event.verdict });
}

function describe(event: ZinetdEvent): string {
  switch (event.type) {
    case 'started':
      return `START: ${escapeToken(event.service)} pid=${event.pid ?? NO_PROCESS} ${from(event.peer)}`;
    case 'refused':
      return `FAIL: ${escapeToken(event.service)} ${REFUSAL_TEXTS[event.verdict.reason]} ${from(event.peer)}`;
    case 'refused-more':
      return describeMore(event);
    case 'failed':
      return `FAIL: ${escapeToken(event.service)} ${describeFailure(event.failure, event.peer)}`;
    case 'exited':
      return `EXIT: ${escapeToken(event.service)} ${describeExit(event.exit, event.pid)}`;
    case 'identified':
      return `USERID: ${escapeToken(event.service)} ${escapeText(`${event.system} : ${event.user}`)}`;
    case 'unidentified':
      return `NOID: ${escapeToken(event.service)} ${formatAddress(event.peer.bytes)} ${escapeText(event.why)}`;
    default:
      return `${EVENT_LEVELS[event.type].toUpperCase()}: ${escapeText(describeDaemonEvent(event))}`;
  }
}

/** Records in the shapes of xinetd's file log, one line of 0x20 to 0x7E each (S99, S116). */
export function textRenderer(): RenderRecord {
  const prefix = cachePerSecond(renderPrefix);
  return (event, epochMs) => {
    const head = prefix(epochMs);
    const further = describeFurther(event);
    return `${head}${describe(event)}\n${further === undefined ? '' : `${head}${further}\n`}`;
  };
}
