import { z } from 'zod';
import type { AttributeName } from './document.ts';
import { spanOfTime, wait } from './schema-parts.ts';

const MOST_AGE_DAYS = 365;

/** How long connections may last, and what a reload and a stop do to them. */
export const LIFE_SHAPE: Readonly<
  Record<
    Extract<AttributeName, 'on_reload' | 'on_stop' | 'max_connection_age' | 'idle_timeout' | 'grace'>,
    z.ZodType
  >
> = {
  on_reload: z
    .enum(['keep', 'terminate'], { error: 'must be keep or terminate' })
    .describe(
      'What becomes of handlers when a reload changes or removes their service: keep or terminate. Default: keep.',
    ),
  on_stop: z
    .enum(['wait', 'terminate'], { error: 'must be wait or terminate' })
    .describe('Whether handlers may finish when zinetd stops: wait, or terminate at once. Default: wait.'),
  max_connection_age: spanOfTime(MOST_AGE_DAYS).describe(
    'A handler older than this gets TERM, and KILL after "grace". Default: as old as it likes.',
  ),
  idle_timeout: wait.describe(
    'Without a byte in either direction for this long a connection ends; of handed over ones: without a sign of life. Default: none.',
  ),
  grace: wait.describe('How long a handler that is ended has from TERM to KILL. Default: 5s.'),
};
