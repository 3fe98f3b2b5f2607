import type Winston from 'winston';
import type { QueueSink, SinkInfo } from './queue-sink.ts';
import { Transport } from './transport.ts';

class SharedSink extends Transport {
  readonly #sink: QueueSink;

  constructor(sink: QueueSink) {
    super();
    this.#sink = sink;
  }

  override log(info: SinkInfo, next: () => void): void {
    this.#sink.log(info, next);
  }
}

/** Another way into a sink, for records of another format; the sink goes on when it is closed. */
export function shareSink(sink: QueueSink): Winston.transport {
  return new SharedSink(sink);
}
