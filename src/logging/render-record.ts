import type { ZinetdEvent } from '../events/event.ts';
import type { RecordView } from './record-view.ts';

/**
 * The lines of a record, each with its LF, of 0x20 to 0x7E; undefined where the view has nothing of the event. Without
 * a view everything is shown.
 */
export type RenderRecord = (event: ZinetdEvent, epochMs: number, view?: RecordView) => string | undefined;
