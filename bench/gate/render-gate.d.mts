import type { Line } from './gate.d.mts';

/** A table of all rows, and a line for each that fails. */
export declare function renderGate(lines: readonly Line[]): string;
