/** In the order of the week. A window has them as bits: Monday is 1, Sunday 64. */
export const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

export const ALL_DAYS = 0b111_1111;
export const MINUTES_OF_DAY = 1440;

/** When a service may be used, on the clock on the wall. Belongs to the day that it starts on. */
export interface AccessWindow {
  readonly days: number;
  /** Of the day, 0 to 1439. */
  readonly fromMinute: number;
  /** The first minute that is closed again; more than a day for a window over midnight. */
  readonly toMinute: number;
}

/** Open in any of the windows; closed at all other times. Plain data. */
export interface AccessTimes {
  readonly windows: readonly AccessWindow[];
  /** A name of the IANA database, such as `Europe/Berlin`. */
  readonly timeZone: string;
}
