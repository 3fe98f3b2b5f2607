import type { Scene } from './scene.d.mts';

/** In the order of the tables. */
export declare const SCENES: readonly Scene[];
