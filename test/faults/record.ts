import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { tellFigure } from '../harness/tell-figure.ts';
import { isLong } from './scale.ts';

const DIRECTORY = 'build/faults';

/** A figure of one fault of the plan: what was seen, and what it may be. */
export interface FaultFigure {
  /** `F6`. */
  readonly fault: string;
  readonly figure: string;
  readonly value: number | string;
  readonly bar: string;
  /** The global bar that it is a figure of, such as `B3`: `npm run bars` hears of it. */
  readonly of?: string;
}

/**
 * Adds it to those that scripts/faults.mjs makes docs/reliability-faults.md of: a line of JSON for each, since several
 * files tell of the same fault at once. The last one of a figure counts.
 */
export function record({ of, ...row }: FaultFigure): void {
  mkdirSync(DIRECTORY, { recursive: true });
  appendFileSync(join(DIRECTORY, `${row.fault}.jsonl`), `${JSON.stringify({ ...row, isLong })}\n`);
  const text = `${row.figure}: ${row.value} (${row.bar})`;
  if (of !== undefined)
    tellFigure({ bar: of, text, fault: { figure: row.figure, value: row.value, bar: row.bar } });
  console.info(`${row.fault}, ${text}`);
}

/** One digit behind the point, for people to read. */
export function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}

/** The value that so many of 100 do not exceed. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)] ?? 0;
}
