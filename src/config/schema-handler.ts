import { z } from 'zod';
import { STANDARD_ERRORS } from '../model/standard-error.ts';
import type { AttributeName } from './document.ts';
import { absolutePath } from './schema-parts.ts';

type HandlerName = Extract<AttributeName, 'env_file' | 'listen_fds' | 'stderr'>;

/** What a handler finds when it starts, besides its socket. */
export const HANDLER_SHAPE: Readonly<Record<HandlerName, z.ZodType>> = {
  env_file: z
    .union([absolutePath, z.array(absolutePath).min(1).max(64)])
    .describe(
      'Files with lines of NAME=value for its environment, below what "env" says: a path or a list. Default: none.',
    ),
  listen_fds: z
    .boolean()
    .describe(
      'Whether a handler that waits gets its socket as sd_listen_fds(3) has it, on 3. Default: false; true in mode extended.',
    ),
  stderr: z
    .enum(STANDARD_ERRORS, { error: 'must be socket, log or none' })
    .describe(
      'Where its standard error goes: socket (to the client), log, or none. Default: socket; log in mode extended.',
    ),
};
