import type { Binding } from '../native/binding.ts';
import type { Poller } from '../native/poller.ts';

/** This process, as the ways of serving see it. */
export interface World {
  readonly binding: Binding;
  readonly poller: Poller;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly pid: number;
  /** A line for the log. */
  tell(line: string): void;
  after(delayMs: number, callback: () => void): () => void;
  /** Calls back once, when this process is told to end. */
  onEnd(callback: () => void): void;
}
