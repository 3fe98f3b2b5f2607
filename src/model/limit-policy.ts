import type { RefusalTemplate } from './refusal-text.ts';

/** What happens to a connection that a check refuses; the socket stays bound in all of them. */
export type LimitPolicy =
  /** Closed, after the text if there is one. */
  | { readonly kind: 'reject'; readonly text: RefusalTemplate | undefined }
  /** Not accepted in the first place: it waits in the kernel's backlog. */
  | { readonly kind: 'queue' }
  /** Closed, and nothing is accepted for a time. */
  | { readonly kind: 'suspend'; readonly forMs: number }
  /** Held, and fed slowly. */
  | {
      readonly kind: 'tarpit';
      readonly bytesPerSecond: number;
      readonly slots: number;
      readonly text: RefusalTemplate | undefined;
    };
