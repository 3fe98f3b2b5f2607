import { createRequire } from 'node:module';
import type { Registry as PromRegistry } from 'prom-client';

const require = createRequire(import.meta.url);

/**
 * prom-client's writer of expositions. The rest of that package would bring node:cluster, node:https and OpenTelemetry
 * into the dispatcher, 10 MB of it, for counters that cost an object each time.
 */
export const Registry: typeof PromRegistry = require('prom-client/lib/registry.js') as typeof PromRegistry;
