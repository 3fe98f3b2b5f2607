/** When zinetd ends a connection that somebody has, besides a stop whose time is up. */
export interface LifePolicy {
  /** What becomes of handlers when a reload changes what they are started as, or takes their service out. */
  readonly onReload: 'keep' | 'terminate';
  /** Whether a stop lets them finish. */
  readonly onStop: 'wait' | 'terminate';
  /** Undefined: they may get as old as they like. */
  readonly maxAgeMs: number | undefined;
  /** Without a byte in either direction for this long they end, where zinetd sees the bytes; undefined: never. */
  readonly idleMs: number | undefined;
  /** From TERM to KILL. */
  readonly graceMs: number;
}

/** For what a handler has to bring to an end. docs/reference/configuration.md repeats it. */
const GRACE_MS = 5000;

/** They get what they like, as long as zinetd runs. */
export const LONG_LIFE: LifePolicy = {
  onReload: 'keep',
  onStop: 'wait',
  maxAgeMs: undefined,
  idleMs: undefined,
  graceMs: GRACE_MS,
};
