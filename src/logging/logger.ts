import type Winston from 'winston';
import type { ZinetdEvent } from '../events/event.ts';
import type { RecordFormat } from '../model/log-policy.ts';
import { type Entry, Gatherer } from './gatherer.ts';
import { jsonRenderer } from './json-record.ts';
import { LEVELS } from './level.ts';
import type { WrittenRecord } from './queue-sink.ts';
import { FULL_VIEW, type RecordView } from './record-view.ts';
import type { RenderRecord } from './render-record.ts';
import { templateRenderer } from './template-record.ts';
import { textRenderer } from './text-record.ts';
import { winston } from './winston.ts';
import { withoutStandardStreams } from './without-standard-streams.ts';

/** A winston transport; one that emits `lost` with a count gets a record of it. */
export type Sink = Winston.transport;

export interface EventLogOptions {
  readonly format: NonNullable<RecordFormat>;
  /** Whether text begins with the time; it does unless this says no. */
  readonly hasPrefix?: boolean;
  readonly sink: Sink;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Calls back when all records of a moment are there, so that they are written together; without it each is by itself. */
  readonly gather?: ((flush: () => void) => void) | undefined;
}

export interface EventLog {
  /** Writes one record, of what the view has of the event: all, without one. Does nothing once closed. */
  readonly write: (event: ZinetdEvent, view?: RecordView) => void;
  /** Flushes what the sink takes without waiting, and gives up the rest. */
  readonly close: () => void;
}

type Info = Winston.Logform.TransformableInfo;

/** winston's format: the only place where a record becomes text, once. */
function recordFormat(render: RenderRecord): Winston.Logform.Format {
  return {
    transform: (info: Info): Info | false => {
      const records: WrittenRecord[] = [];
      for (const { event, view, atMs } of info['entries'] as readonly Entry[]) {
        const text = render(event, atMs, view);
        if (text !== undefined) records.push({ text, event, atMs });
      }
      info['records'] = records;
      return records.length > 0 && info;
    },
  };
}

function rendererOf(format: EventLogOptions['format'], hasPrefix: boolean): RenderRecord {
  if (format === 'json') return jsonRenderer();
  return format === 'text' ? textRenderer({ hasPrefix }) : templateRenderer(format.template);
}

/**
 * The log of the events, through winston. Its handlers of exceptions and rejections stay off: they read
 * /proc, which the sandbox has not.
 */
export function createEventLog(options: EventLogOptions): EventLog {
  const { format, hasPrefix = true } = options;
  const render = rendererOf(format, hasPrefix);
  // The first local time reads the zone from files, which must not wait for a record in the sandbox.
  render({ type: 'resumed', service: '' }, options.now(), FULL_VIEW);
  const settings = {
    levels: LEVELS,
    level: 'info',
    format: recordFormat(render),
    transports: [options.sink],
    exitOnError: false,
  };
  // A stream that is piped compares its target with process.stdout.
  const logger = withoutStandardStreams(() => winston.createLogger(settings));
  let isClosed = false;
  const { now, gather = (flush) => flush() } = options;
  const gatherer = new Gatherer({ now, gather, write: (batch) => logger.write({ ...batch, message: '' }) });
  const write = (event: ZinetdEvent, view = FULL_VIEW): void => {
    if (!isClosed) gatherer.add(event, view);
  };
  const close = (): void => {
    if (isClosed) return;
    gatherer.flush();
    isClosed = true;
    // Takes the sink off the logger, which closes it.
    logger.close();
  };
  options.sink.on('lost', (count: number) => {
    write({ type: 'records-lost', count });
    gatherer.flush();
  });
  return { write, close };
}
