import { assertNever } from '../model/assert-never.ts';
import type { LogDestination } from '../model/log-policy.ts';
import type { CarrierHooks } from './carrier.ts';
import { DatagramLine } from './datagram-line.ts';
import { FileLine } from './file-line.ts';
import type { Line, LineCalls } from './line.ts';
import { type OpenOutlet, OutletCarrier } from './outlet-carrier.ts';
import { QueueSink, type QueueSinkOptions } from './queue-sink.ts';
import { StreamLine } from './stream-line.ts';
import { type SyslogOrigin, syslogFrame } from './syslog-frame.ts';

/** A destination that somebody else has to open. */
export type OutletDestination = Exclude<LogDestination, { readonly kind: 'stdout' }>;

export interface SinkContext extends Pick<QueueSinkOptions, 'after' | 'soon' | 'queueLimitBytes'> {
  readonly open: OpenOutlet;
  readonly calls: LineCalls;
  readonly origin: SyslogOrigin;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
}

function lineOf(
  destination: OutletDestination,
  { calls, nowMs }: SinkContext,
  tell: CarrierHooks['limit'],
): Line {
  switch (destination.kind) {
    case 'file':
      return new FileLine(destination, tell);
    case 'syslog':
      return destination.transport === 'stream'
        ? new StreamLine(calls, nowMs)
        : new DatagramLine(calls, { isUdp: !destination.isLocal });
    default:
      return assertNever(destination);
  }
}

/** The sink of a destination, which is opened at once. */
export function createSink(destination: OutletDestination, context: SinkContext): QueueSink {
  const { open, after, origin } = context;
  const options: QueueSinkOptions = {
    ...context,
    carrier: (hooks) =>
      new OutletCarrier({ line: lineOf(destination, context, hooks.limit), open, after }, hooks),
  };
  if (destination.kind === 'file') return new QueueSink(options);
  return new QueueSink({ ...options, frame: syslogFrame(destination, origin) });
}
