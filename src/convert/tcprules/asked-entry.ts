import type { AskedRules } from './asked-rules.ts';
import type { FoundService } from './script-reader.ts';

/** Rules as they were read once, for all who ask them: what their lines are accounted to. */
export interface AskedEntry {
  readonly name: string;
  /** Undefined after a report. */
  asked: AskedRules | undefined;
}

/** What lines are accounted to. */
export type Entry = AskedEntry | FoundService;
