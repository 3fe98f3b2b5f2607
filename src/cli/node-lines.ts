/** A release line of Node with long-term support. */
export interface NodeLine {
  readonly major: number;
  /** The last day on which it gets fixes, as https://nodejs.org/en/about/previous-releases has it. */
  readonly endsOn: string;
  /** Why zinetd runs on it all the same, after that day. */
  readonly excuse?: string;
}

/** Odd lines, and older ones, are past their end. */
export const NODE_LINES: readonly NodeLine[] = [
  {
    major: 20,
    endsOn: '2026-04-30',
    excuse: 'the tests still run on it first of all; each start on it warns',
  },
  { major: 22, endsOn: '2027-04-30' },
  { major: 24, endsOn: '2028-04-30' },
  { major: 26, endsOn: '2029-04-30' },
];
