/** What a program of the operator's is asked about. Texts, since they go to it as they are. */
export interface DecisionSubject {
  readonly service: string;
  readonly address: string;
  readonly port: number;
  /** The end that the client connected to, such as `192.0.2.1:21`. */
  readonly local: string;
}

/** Why there is no decision: the program could not be asked, answered nonsense, took too long, or had too much to do. */
export const UNDECIDED_REASONS = ['failed', 'invalid', 'timeout', 'busy'] as const;

/** What it said; `reason` is its own text, to be escaped wherever it is shown. */
export type Decision =
  | { readonly kind: 'allowed' | 'denied'; readonly reason: string | undefined }
  | { readonly kind: 'undecided'; readonly why: (typeof UNDECIDED_REASONS)[number] };

/** Programs that decide for one service at once; a decision that would need one more fails. */
export const MOST_DECIDERS = 32;

/** Longer reasons are not answers. */
export const MOST_REASON_CHARACTERS = 255;
