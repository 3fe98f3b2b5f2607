import { z } from 'zod';
import { FAILURE_FIELDS, type FailureField, SUCCESS_FIELDS, type SuccessField } from '../model/log-policy.ts';
import type { AttributeName } from './document.ts';
import { parseLimit } from './limit-value.ts';
import { parseRecordTemplate } from './record-template.ts';
import { absolutePath, checkedText, fileMode } from './schema-parts.ts';

const SIZE_FORM = 'must be a number of bytes or a size such as "10m"';
const TYPE_FORM = 'must be one of "stdout", "none", {file} and {syslog}';
const ONE_TARGET = 'must not be beside "file": records of a service go to one target';
const FORMAT_FORM = 'must be "text", "json" or {template}';
const ADDRESS_FORM = 'must be "keep", "hash", "omit" or {truncate}';

const size: z.ZodType = z
  .union([z.int(), z.string()], { error: SIZE_FORM })
  .refine((value) => Number.isFinite(parseLimit(value, 'bytes') ?? Number.NaN), { error: SIZE_FORM });

const file: z.ZodType = z.strictObject({
  file: absolutePath,
  soft: size.optional(),
  hard: size.optional(),
  mode: fileMode.optional(),
  syslog: z
    .unknown()
    .refine((value) => value === undefined, { error: ONE_TARGET })
    .meta({ not: {} })
    .optional(),
});

const syslog: z.ZodType = z.strictObject({
  syslog: z.string().max(32),
  level: z.string().max(32).optional(),
  to: z.string().max(512).optional(),
  format: z.enum(['rfc3164', 'rfc5424']).optional(),
  tag: z
    .string()
    .regex(/^[!-~]{1,32}$/, { error: 'must be 1 to 32 visible characters' })
    .optional(),
});

const template: z.ZodType = checkedText((text) => {
  const parsed = parseRecordTemplate(text);
  return 'reason' in parsed ? parsed : undefined;
}, z.string().min(1).max(4096));

type LogName = Extract<
  AttributeName,
  'log_type' | 'log_format' | 'log_on_success' | 'log_on_failure' | 'log_address'
>;

/** What is recorded of a service, and where: the words of xinetd.conf(5), and more. */
export const LOG_SHAPE: Readonly<Record<LogName, z.ZodType>> = {
  log_type: z
    .union([z.enum(['stdout', 'none'], { error: TYPE_FORM }), file, syslog], { error: TYPE_FORM })
    .describe(
      'Where records go: "stdout", "none", {file, soft, hard, mode} or {syslog, level, to}. Default: stdout.',
    ),
  log_format: z
    .union([z.enum(['text', 'json'], { error: FORMAT_FORM }), z.strictObject({ template })], {
      error: FORMAT_FORM,
    })
    .describe('What records look like: "text", "json" or {template}. Default: as --log-format says.'),
  log_on_success: z
    .array(z.enum(SUCCESS_FIELDS as unknown as [SuccessField, ...SuccessField[]]))
    .describe('What is recorded of who was served. Default: all of it but userid; nothing if empty.'),
  log_on_failure: z
    .array(z.enum(FAILURE_FIELDS as unknown as [FailureField, ...FailureField[]]))
    .describe('What is recorded of who was not served. Default: all of it but userid; nothing if empty.'),
  log_address: z
    .union(
      [
        z.enum(['keep', 'hash', 'omit'], { error: ADDRESS_FORM }),
        z.strictObject({
          truncate: z.strictObject({
            ipv4: z.int().min(0).max(32).optional(),
            ipv6: z.int().min(0).max(128).optional(),
          }),
        }),
      ],
      { error: ADDRESS_FORM },
    )
    .describe(
      'What records have for the address of a client: "keep", "hash", "omit" or {truncate}. Default: keep.',
    ),
};
