import { z } from 'zod';

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
