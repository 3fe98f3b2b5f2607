import type { ConnectionEvent, RefusedMoreEvent } from '../events/event.ts';
import { formatAddress } from '../model/address.ts';
import { escapeToken } from '../model/escape.ts';
import { failureWord } from '../model/failure-reason.ts';
import type { RecordView } from './record-view.ts';
import { refusalWord } from './refusal-word.ts';
import { describeFrom } from './text-from.ts';
import { describeVia } from './text-via.ts';
import { tellOutcome } from './told-outcome.ts';
import { describeWhy } from './why-line.ts';

type Of<T extends ConnectionEvent['type']> = Extract<ConnectionEvent, { readonly type: T }>;

/** The line after that of a refusal, which filters written for xinetd do not look at. */
function whyOf({ service, peer, via, verdict }: Of<'refused'>, view: RecordView): string {
  const outcome = verdict.trace.at(-1);
  const told = outcome && tellOutcome(outcome, view);
  return describeWhy({
    service,
    peer: view.failure.has('host') ? view.address(peer.bytes) : undefined,
    via: view.failure.has('host') && via ? formatAddress(via.bytes) : undefined,
    check: outcome?.check ?? 'none',
    policy: verdict.policy.kind,
    detail: told?.detail ?? '',
    rule: told?.rule,
  });
}

/** `FAIL: ID REASON from=A` of xinetd, and why; nothing if `log_on_failure` is empty. */
export function describeRefused(event: Of<'refused'>, view: RecordView): readonly string[] {
  const { failure } = view;
  if (failure.size === 0) return [];
  const from = failure.has('host') ? describeFrom(event.peer, view) : '';
  const line = `FAIL: ${escapeToken(event.service)} ${refusalWord(event.verdict.reason, view)}${from}`;
  return failure.has('why') ? [line, whyOf(event, view)] : [line];
}

/** Ends otherwise than the FAIL line of a connection, so that a filter for those does not count it as one. */
export function describeMore(event: RefusedMoreEvent, view: RecordView): readonly string[] {
  const { failure, address } = view;
  if (failure.size === 0) return [];
  const head = `FAIL: ${escapeToken(event.service)} ${refusalWord(event.reason, view)}`;
  const source = event.source && failure.has('host') ? address(event.source) : undefined;
  if (source !== undefined) return [`${head} from=${source} repeated=${event.count}`];
  return [`${head} repeated=${event.count} sources=${event.sources}${event.hasMoreSources ? '+' : ''}`];
}

export function describeFailed(
  { service, failure, peer, via }: Of<'failed'>,
  view: RecordView,
): readonly string[] {
  if (view.failure.size === 0) return [];
  const from = view.failure.has('host') ? describeFrom(peer, view) : '';
  const isCause = failure.code !== undefined && view.failure.has('why');
  const proxy = view.failure.has('host') ? describeVia(via) : '';
  const error = isCause ? ` error=${escapeToken(failure.code)}` : '';
  return [`FAIL: ${escapeToken(service)} ${escapeToken(failureWord(failure.step))}${from}${error}${proxy}`];
}
