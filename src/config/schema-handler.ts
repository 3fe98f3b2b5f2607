import { z } from 'zod';
import { STANDARD_ERRORS } from '../model/standard-error.ts';
import type { AttributeName } from './document.ts';

type HandlerName = Extract<AttributeName, 'stderr'>;

/** What a handler finds when it starts, besides its socket. */
export const HANDLER_SHAPE: Readonly<Record<HandlerName, z.ZodType>> = {
  stderr: z
    .enum(STANDARD_ERRORS, { error: 'must be socket, log or none' })
    .describe(
      'Where its standard error goes: socket (to the client), log, or none. Default: socket; log in mode extended.',
    ),
};
