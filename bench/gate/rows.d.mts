import type { Scene } from '../lib/scene.d.mts';
import type { Row } from './gate.d.mts';

/** What must not get worse: ratios to another server's figure in the same run. */
export declare const ROWS: readonly Row[];

/** Whose programs are needed. */
export declare const GATE_SERVERS: readonly string[];

/** The scenes of some rows, without what the rows do not need. */
export declare function scenesOf(rows: readonly Row[]): readonly Scene[];
