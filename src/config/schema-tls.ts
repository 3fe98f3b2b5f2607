import { z } from 'zod';
import { parseClientNotation } from './client-notation.ts';
import type { AttributeName } from './document.ts';
import { absolutePath, checkedText, wait } from './schema-parts.ts';

const MOST_NAMES = 256;
const MOST_CLIENTS = 4096;
const MOST_ALPN = 16;
const MOST_ALPN_BYTES = 255;
const MOST_CIPHERS = 1024;
const MOST_HANDSHAKES = 65_536;

const LABEL = '[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?';
const NAME_FORM = 'must be a host name, or "*." and the end of one';
const VERSION_FORM = 'must be "1.2" or "1.3", in quotes';
const CLIENT_FORM = 'must be none, optional or required';
const HANDSHAKES_FORM = `must be 1 to ${MOST_HANDSHAKES}`;
const ALPN_FORM = `must be 1 to ${MOST_ALPN_BYTES} letters, digits and "-./_"`;

const name: z.ZodString = z
  .string()
  .max(253, { error: NAME_FORM })
  .regex(new RegExp(`^(\\*\\.)?${LABEL}(\\.${LABEL})*$`), { error: NAME_FORM });

const certificate = { certificate: absolutePath, key: absolutePath.optional() };

const names: z.ZodType = z
  .record(name, z.strictObject(certificate))
  .refine((value) => Object.keys(value).length <= MOST_NAMES, {
    error: `must have ${MOST_NAMES} at the most`,
  });

const client: z.ZodType = checkedText((text) => {
  const parsed = parseClientNotation(text);
  return 'reason' in parsed ? parsed : undefined;
});

const clients: z.ZodType = z
  .array(client)
  .min(1, { error: 'must name at least one' })
  .max(MOST_CLIENTS, { error: `must have ${MOST_CLIENTS} at the most` });

/** OpenSSL has the list, so the compiler asks it; nothing here may end its text early. */
const ciphers: z.ZodString = z
  .string()
  .min(1)
  .max(MOST_CIPHERS)
  .regex(/^[A-Za-z0-9_:+!@=.-]+$/, {
    error: 'must be names as of openssl-ciphers(1), with ":" between them',
  });

/** How the dispatcher speaks TLS for a service. */
export const TLS_SHAPE: Readonly<Record<Extract<AttributeName, 'tls'>, z.ZodType>> = {
  tls: z
    .strictObject({
      ...certificate,
      names: names.optional(),
      client: z.enum(['none', 'optional', 'required'], { error: CLIENT_FORM }).optional(),
      client_ca: absolutePath.optional(),
      clients: clients.optional(),
      min_version: z.enum(['1.2', '1.3'], { error: VERSION_FORM }).optional(),
      ciphers: ciphers.optional(),
      alpn: z
        .array(z.string().regex(/^[A-Za-z0-9./_-]{1,255}$/, { error: ALPN_FORM }))
        .max(MOST_ALPN)
        .optional(),
      handshake_timeout: wait.optional(),
      handshakes: z
        .int({ error: HANDSHAKES_FORM })
        .min(1, { error: HANDSHAKES_FORM })
        .max(MOST_HANDSHAKES, { error: HANDSHAKES_FORM })
        .optional(),
    })
    .describe(
      'How zinetd speaks TLS with the clients: {certificate, key, names, client, client_ca, clients, min_version, ciphers, alpn, handshake_timeout, handshakes}. Default: not at all.',
    ),
};
