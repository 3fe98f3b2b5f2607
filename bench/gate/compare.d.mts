import type { Judged, Outcome, Row } from './gate.d.mts';

/** As a share of what was stored. */
export declare const ALLOWED_LOSS: number;

/** Whether a row is as good as it was. */
export declare function compareRow(
  row: Row,
  figures: { readonly stored: number | undefined; readonly outcome: Outcome },
): Judged;

/** Whether the program must say no. */
export declare function isFailure(judged: Judged): boolean;
