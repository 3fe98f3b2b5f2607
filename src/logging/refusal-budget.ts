/** How much of a flood is told in one window; all for one service and reason unless it says otherwise. */
export interface RefusalBudget {
  readonly windowMs: number;
  /** Refusals with a record of their own. */
  readonly records: number;
  /** The same for all services and reasons together; each has one record at least. */
  readonly allRecords: number;
  /** Sources with a row of their own in the summary. */
  readonly rows: number;
  readonly allRows: number;
}

const WINDOW_MS = 10_000;
const RECORDS = 100;
const ROWS = 64;
/** Enough to see who else is refused while a flood goes on for days. */
const FEWEST = 16;
/** As many floods at once share what is there for all. */
const FLOODS = 4;

/** After that many windows of flood they grow no longer: 640 s. */
export const MOST_LEVEL = 6;

/**
 * Each level has a window twice as long and tells half as much of it, so that a flood that lasts for a day costs
 * about 1 MB of log.
 */
export function budgetOf(level: number): RefusalBudget {
  const factor = 2 ** level;
  const records = Math.max(FEWEST, Math.floor(RECORDS / factor));
  const rows = Math.max(FEWEST, Math.floor(ROWS / factor));
  return {
    windowMs: WINDOW_MS * factor,
    records,
    allRecords: records * FLOODS,
    rows,
    allRows: rows * FLOODS,
  };
}
