import type { ZinetdEvent } from '../events/event.ts';
import { escapeText } from '../model/escape.ts';
import { levelOf } from './level.ts';
import { FULL_VIEW, type RecordView } from './record-view.ts';
import { renderClock } from './render-clock.ts';
import type { RenderRecord } from './render-record.ts';
import { cachePerSecond } from './second-cache.ts';
import { describeDaemonEvent } from './sentence.ts';
import { describeFailed, describeMore, describeRefused } from './text-failure.ts';
import { describeStderr } from './text-stderr.ts';
import { describeExited, describeIdentified, describeStarted, describeUnidentified } from './text-success.ts';

/** `26/1/9@08:05:03: ` in local time: month and day without a leading zero, as xinetd's file log has them. */
function renderPrefix(second: Date): string {
  const year = String(second.getFullYear() % 100).padStart(2, '0');
  return `${year}/${second.getMonth() + 1}/${second.getDate()}@${renderClock(second)}: `;
}

/** The lines that the view has of an event, without time and line feed: none, one, or one with a second that explains it. */
export function describeRecord(event: ZinetdEvent, view: RecordView): readonly string[] {
  switch (event.type) {
    case 'started':
      return describeStarted(event, view);
    case 'exited':
      return describeExited(event, view);
    case 'identified':
      return describeIdentified(event);
    case 'unidentified':
      return describeUnidentified(event, view);
    case 'stderr':
    case 'stderr-dropped':
      return [describeStderr(event)];
    case 'refused':
      return describeRefused(event, view);
    case 'refused-more':
      return describeMore(event, view);
    case 'failed':
      return describeFailed(event, view);
    default:
      return [`${levelOf(event).toUpperCase()}: ${escapeText(describeDaemonEvent(event, view.address))}`];
  }
}

/**
 * Records in the shapes of xinetd's log, one line of 0x20 to 0x7E each (S99, S116). `hasPrefix` false: without the
 * time, which syslog has already.
 */
export function textRenderer({ hasPrefix = true }: { readonly hasPrefix?: boolean } = {}): RenderRecord {
  const prefix = hasPrefix ? cachePerSecond(renderPrefix) : () => '';
  return (event, epochMs, view = FULL_VIEW) => {
    const lines = describeRecord(event, view);
    if (lines.length === 0) return undefined;
    const head = prefix(epochMs);
    if (lines.length === 1) return `${head}${lines[0]}\n`;
    return lines.map((line) => `${head}${line}\n`).join('');
  };
}
