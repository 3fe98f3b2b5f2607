import type { Server } from './server.d.mts';

/** In the order of the tables. */
export declare const SERVERS: readonly Server[];
