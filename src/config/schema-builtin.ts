import { z } from 'zod';
import { BUILTIN_KINDS, type BuiltinKind } from '../model/builtin.ts';
import { parseDurationMs } from '../model/quantity.ts';
import type { AttributeName } from './document.ts';
import { absolutePath } from './schema-parts.ts';

const KIND_FORM = `must be one of ${BUILTIN_KINDS.join(', ')}`;
const TIMEOUT_FORM = 'must be a duration from "1ms" to "60s"';
const MOST_TIMEOUT_MS = 60_000;

/** RFC 1413 has printable octets, and the colon parts the fields. */
const token: z.ZodType = z
  .string()
  .regex(/^[!-9;-~]{1,64}$/, { error: 'must be 1 to 64 visible characters but ":"' });

const timeout: z.ZodType = z.string({ error: TIMEOUT_FORM }).refine(
  (value) => {
    const ms = parseDurationMs(value) ?? 0;
    return ms > 0 && ms <= MOST_TIMEOUT_MS;
  },
  { error: TIMEOUT_FORM },
);

type BuiltinName = Extract<AttributeName, 'builtin' | 'ident' | 'qotd_file'>;

/** Services that zinetd gives itself. */
export const BUILTIN_SHAPE: Readonly<Record<BuiltinName, z.ZodType>> = {
  builtin: z
    .enum(BUILTIN_KINDS as [BuiltinKind, ...BuiltinKind[]], { error: KIND_FORM })
    .describe('A service that zinetd gives itself, without a program: echo, time and others.'),
  ident: z
    .strictObject({
      fallback: token.optional(),
      random: z.boolean().optional(),
      numeric: z.boolean().optional(),
      real: z.boolean().optional(),
      fakeid: z.boolean().optional(),
      any_fakeid: z.boolean().optional(),
      noident: z.boolean().optional(),
      os: token.optional(),
      timeout: timeout.optional(),
    })
    .describe('What "builtin: ident" says of users, as the options of auth in FreeBSD.'),
  qotd_file: absolutePath.describe('What "builtin: qotd" says: a file, quotations parted by lines of "%".'),
};
