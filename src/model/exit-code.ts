/** The exit codes of every zinetd command. */
export const EXIT = {
  /** Done. */
  ok: 0,
  /** The answer is no: invalid, denied, not running. */
  no: 1,
  /** Wrong usage. */
  usage: 2,
  /** The system said no. */
  system: 3,
  /** A bug in zinetd. */
  bug: 4,
} as const;
