import { z } from 'zod';
import type { AttributeName } from './document.ts';
import { spanOfTime } from './schema-parts.ts';

const MOST_WORKERS = 256;
/** As many as any process may have open by default, and more than that is a matter of its `rlimits`. */
const MOST_CONNECTIONS = 65_536;
const MOST_REQUESTS = 1_000_000_000;
const MOST_AGE_DAYS = 365;

function count(most: number): z.ZodType {
  const error = `must be 1 to ${most}`;
  return z.int({ error }).min(1, { error }).max(most, { error });
}

/** Handlers that are started ahead of their connections, and outlive them. */
export const POOL_SHAPE: Readonly<Record<Extract<AttributeName, 'pool'>, z.ZodType>> = {
  pool: z
    .strictObject({
      workers: count(MOST_WORKERS).optional(),
      max_connections_per_worker: count(MOST_CONNECTIONS).optional(),
      max_requests: count(MOST_REQUESTS).optional(),
      max_age: spanOfTime(MOST_AGE_DAYS).optional(),
    })
    .describe(
      'Handlers that live on and are given connections: {workers, max_connections_per_worker, max_requests, max_age}. Default: a handler for each connection.',
    ),
};
