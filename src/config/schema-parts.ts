import { z } from 'zod';
import { parseDurationMs } from '../model/quantity.ts';

const MOST_ID = 4_294_967_294;

export const absolutePath: z.ZodString = z
  .string()
  .max(4095)
  .regex(/^\//, { error: 'must be an absolute path' });

const PRINCIPAL_FORM = 'must be a name, or a plain decimal number up to 4294967294';

/** A user or a group. */
export const principal: z.ZodType = z.union([
  z.int({ error: PRINCIPAL_FORM }).min(0, { error: PRINCIPAL_FORM }).max(MOST_ID, { error: PRINCIPAL_FORM }),
  z
    .string()
    .max(256, { error: PRINCIPAL_FORM })
    .regex(/^([A-Za-z_][A-Za-z0-9_.-]*\$?|0|[1-9][0-9]{0,9})$/, { error: PRINCIPAL_FORM })
    .refine((value) => !/^[0-9]/.test(value) || Number(value) <= MOST_ID, { error: PRINCIPAL_FORM }),
]);

/** What a check of ours adds to an issue of zod, as in schema.ts. */
interface Params {
  readonly help?: string;
}

/** Text that a parser of ours has something to say about, once it is as long as it may be. */
export function checkedText(
  fault: (text: string) => { readonly reason: string; readonly help?: string | undefined } | undefined,
  text: z.ZodString = z.string(),
): z.ZodType {
  return text.superRefine((value, context) => {
    const found = fault(value);
    if (!found) return;
    const params: Params = found.help === undefined ? {} : { help: found.help };
    context.addIssue({ code: 'custom', message: found.reason, params: { ...params } });
  });
}

/** What setTimeout can wait, in whole days. */
const MOST_WAIT_DAYS = 24;
const DAY_MS = 86_400_000;

/** A time that somebody waits for, or that something is measured in: nothing and too much are mistakes. */
export function spanOfTime(mostDays: number): z.ZodType {
  const error = `must be a duration from "1ms" to "${mostDays}d"`;
  return z
    .string({ error })
    .meta({ pattern: '^[0-9]+(ms|s|m|h|d)$' })
    .refine(
      (value) => {
        const spanMs = parseDurationMs(value) ?? 0;
        return spanMs > 0 && spanMs <= mostDays * DAY_MS;
      },
      { error },
    );
}

/** A time that somebody waits for. */
export const wait: z.ZodType = spanOfTime(MOST_WAIT_DAYS);

const MODE_FORM = 'must be octal text in quotes, from "0" to "0777"';

export const fileMode: z.ZodString = z.string().regex(/^0?[0-7]{1,3}$/, { error: MODE_FORM });
