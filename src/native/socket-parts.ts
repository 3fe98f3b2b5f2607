import type { Binding } from './binding.ts';
import type { ByteReader } from './byte-reader.ts';
import type { Poller } from './poller.ts';

/** What it takes to talk over a socket in turns of the event loop. */
export interface SocketParts {
  readonly binding: Binding;
  readonly poller: Poller;
  /** Used during one call only, so that all who talk share it. */
  readonly reader: ByteReader;
  /** Monotonic. */
  nowMs(): number;
  after(delayMs: number, callback: () => void): () => void;
}
