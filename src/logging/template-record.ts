import type { ZinetdEvent } from '../events/event.ts';
import { escapeText, escapeToken } from '../model/escape.ts';
import { failureWord } from '../model/failure-reason.ts';
import type { RecordField, RecordTemplate } from '../model/log-policy.ts';
import { isNobody } from '../model/nobody.ts';
import { levelOf } from './level.ts';
import { FULL_VIEW, type RecordView } from './record-view.ts';
import type { RenderRecord } from './render-record.ts';
import { describeRecord } from './text-record.ts';

type Values = Readonly<Partial<Record<RecordField, string | number | undefined>>>;

/** Of whoever it is about. */
function clientOf(event: ZinetdEvent, { address, isOpen }: RecordView): Values {
  if (!('peer' in event) || isNobody(event.peer)) return {};
  return { address: address(event.peer.bytes), port: isOpen ? event.peer.port : undefined };
}

function outcomeOf(event: ZinetdEvent): Values {
  switch (event.type) {
    case 'started':
      return { pid: event.pid };
    case 'refused':
      return { reason: event.verdict.reason };
    case 'refused-more':
      return { reason: event.reason };
    case 'failed':
      return { reason: failureWord(event.failure.step) };
    case 'exited': {
      const { status, signal, durationMs } = event.exit;
      const traffic = { in: event.traffic?.inBytes, out: event.traffic?.outBytes };
      return { pid: event.pid, status, signal, duration: (durationMs / 1000).toFixed(3), ...traffic };
    }
    case 'identified':
      return { user: event.user };
    case 'unidentified':
      return { reason: event.why };
    case 'stderr':
      return { pid: event.pid };
    default:
      return {};
  }
}

/** One word, so that the fields of a line can be told apart; `message` is the rest of a line. */
function show(field: RecordField, value: string | number | undefined): string {
  if (value === undefined || value === '') return '-';
  return field === 'message' ? escapeText(String(value)) : escapeToken(String(value));
}

/** Lines of the operator's own (S116): one for each event that the view has something of. */
export function templateRenderer(template: RecordTemplate): RenderRecord {
  return (event, epochMs, view = FULL_VIEW) => {
    const [message] = describeRecord(event, view);
    if (message === undefined) return undefined;
    const values: Values = {
      time: new Date(epochMs).toISOString(),
      level: levelOf(event),
      event: event.type,
      service: 'service' in event ? event.service : undefined,
      message,
      ...clientOf(event, view),
      ...outcomeOf(event),
    };
    const parts = template.map((part) =>
      typeof part === 'string' ? escapeText(part) : show(part.field, values[part.field]),
    );
    return `${parts.join('')}\n`;
  };
}
