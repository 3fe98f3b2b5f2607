import type { QueueSink } from '../../src/logging/queue-sink.ts';
import { createSink, type OutletDestination } from '../../src/logging/sink-of.ts';
import { FakeWorld } from '../dispatcher/fake-world.ts';
import { FakeLineCalls } from './fake-line-calls.ts';
import { OpenByHand } from './open-by-hand.ts';

/** A sink whose world a test holds in its hands. */
export class SinkAtHand {
  readonly world = new FakeWorld();
  readonly opener = new OpenByHand();
  readonly calls = new FakeLineCalls();
  /** What it told, such as `failed ENOSPC`. */
  readonly told: string[] = [];
  readonly sink: QueueSink;

  constructor(destination: OutletDestination, { queueLimitBytes }: { queueLimitBytes?: number } = {}) {
    this.sink = createSink(destination, {
      ...{ open: this.opener.open, calls: this.calls, after: this.world.after, nowMs: this.world.nowMs },
      origin: { hostName: 'here', pid: 42 },
      soon: (callback) => callback(),
      queueLimitBytes,
    });
    this.sink.on('lost', (count: number) => {
      this.told.push(`lost ${count}`);
      this.log(`lost ${count}\n`);
    });
    for (const name of ['failed', 'resumed', 'limit']) {
      this.sink.on(name, (...values: readonly unknown[]) => this.told.push([name, ...values].join(' ')));
    }
  }

  log(text: string, { level = 'info', type = 'ready' } = {}): void {
    const atMs = Date.UTC(2026, 0, 9, 2, 35, 3, 7);
    this.sink.log({ level, records: [{ text, event: { type }, atMs }] }, () => {});
  }

  /** Records of their numbers. */
  logNumbers(range: { readonly from: number; readonly to: number }): void {
    for (let number = range.from; number < range.to; number++) this.log(`${number}\n`);
  }
}
