import type { ErrorCode } from './messages.ts';

/** Why there is no answer. */
export type ControlFailure =
  /** connect(2) said no; `code` is symbolic, such as `ENOENT`. */
  | { readonly kind: 'unreachable'; readonly code: string }
  | { readonly kind: 'silent'; readonly afterMs: number }
  /** The connection ended before the answer came. */
  | { readonly kind: 'gone' }
  /** What came is nothing that this version understands. */
  | { readonly kind: 'foreign' }
  /** The daemon says no; `message` is a sentence of its own. */
  | { readonly kind: 'refused'; readonly code: ErrorCode; readonly message: string };

export type Answer<Result> =
  | { readonly kind: 'result'; readonly result: Result }
  | { readonly kind: 'failure'; readonly failure: ControlFailure };
