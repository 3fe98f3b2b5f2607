import type { RecordQueue } from './record-queue.ts';

/** What became of the records at the front of a queue; `code` is symbolic, and says what is wrong, if anything is. */
export type Carried =
  /** Some are out, or there was none. */
  | { readonly kind: 'went'; readonly code?: string | undefined }
  /** They stay in the queue for a moment. */
  | { readonly kind: 'waits'; readonly code?: string | undefined }
  /** The first one can never go out. */
  | { readonly kind: 'unfit'; readonly code: string }
  /** None is taken until something is done about it. */
  | { readonly kind: 'refused' };

/** Brings records out of a queue to where they belong. It never waits and never throws. */
export interface Carrier {
  carry(queue: RecordQueue): Carried;
  /** Looks anew for where they belong, since there may be something else in its place. */
  renew(): void;
  close(): void;
}

/** What a carrier tells its sink. */
export interface CarrierHooks {
  /** Something changed: it is worth another try. */
  readonly wake: () => void;
  readonly limit: (limit: 'soft' | 'hard', bytes: number) => void;
}

export const WENT = { kind: 'went' } as const;
export const WAITS = { kind: 'waits' } as const;
