import { z } from 'zod';
import { STANDARD_ERRORS } from '../model/standard-error.ts';
import type { AttributeName } from './document.ts';
import { absolutePath } from './schema-parts.ts';

type HandlerName = Extract<AttributeName, 'env_file' | 'credentials' | 'listen_fds' | 'stderr'>;

const MOST_CREDENTIALS = 64;
const MOST_TEXT = 65_536;
const CREDENTIAL_FORM = 'must be 1 to 255 letters, digits and "_.@+-", and neither "." nor ".."';

/** A file in a directory, whatever the name is taken for elsewhere. */
const credentialName: z.ZodString = z
  .string()
  .regex(/^(?!\.{1,2}$)[A-Za-z0-9_.@+-]{1,255}$/, { error: CREDENTIAL_FORM });

const credentials: z.ZodType = z
  .record(
    credentialName,
    z.union([
      absolutePath,
      z.strictObject({ path: absolutePath, optional: z.boolean().optional() }),
      z.strictObject({ text: z.string().max(MOST_TEXT) }),
    ]),
  )
  .refine((value) => Object.keys(value).length <= MOST_CREDENTIALS, {
    error: `must have ${MOST_CREDENTIALS} at the most`,
  });

/** What a handler finds when it starts, besides its socket. */
export const HANDLER_SHAPE: Readonly<Record<HandlerName, z.ZodType>> = {
  env_file: z
    .union([absolutePath, z.array(absolutePath).min(1).max(64)])
    .describe(
      'Files with lines of NAME=value for its environment, below what "env" says: a path or a list. Default: none.',
    ),
  credentials: credentials.describe(
    'Files for the handler alone, in a directory that CREDENTIALS_DIRECTORY names: each a path, {path, optional}, or {text}. Default: none.',
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
