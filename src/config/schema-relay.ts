import { z } from 'zod';
import { PEER_ENV_SETS, type PeerEnvSet } from '../model/peer-env.ts';
import type { AttributeName } from './document.ts';
import { parseListen } from './listen.ts';
import { absolutePath, wait } from './schema-parts.ts';

const TO_FORM = 'must be written as tcp://HOST:PORT';

const target: z.ZodType = z
  .string()
  .meta({ pattern: '^tcp[46]?://', examples: ['tcp://127.0.0.1:8080', 'tcp://[::1]:http'] })
  .superRefine((value, context) => {
    const text = parseListen(value);
    const isTarget = !('reason' in text) && /^tcp[46]?:/.test(value) && text.kind === 'inet';
    if ('reason' in text) context.addIssue({ code: 'custom', message: text.reason });
    else if (!isTarget) context.addIssue({ code: 'custom', message: TO_FORM });
    else if (text.host === '*') context.addIssue({ code: 'custom', message: 'must name one host' });
  });

type RelayName = Extract<
  AttributeName,
  'redirect' | 'idle_stop' | 'banner' | 'banner_success' | 'banner_fail' | 'id_only' | 'peer_env'
>;

/** What stands between a client and a service: relays, texts, questions. */
export const RELAY_SHAPE: Readonly<Record<RelayName, z.ZodType>> = {
  redirect: z
    .union([
      target,
      z.strictObject({
        to: target,
        connect_timeout: wait.optional(),
        idle_timeout: wait.optional(),
      }),
    ])
    .describe(
      'Where connections are relayed to instead of a program: tcp://HOST:PORT, or {to, connect_timeout, idle_timeout}.',
    ),
  idle_stop: wait.describe(
    'With redirect: "server" is started for the first connection, and ended when there was none for this long. Default: it is not started.',
  ),
  banner: absolutePath.describe('A file that every client is sent ahead of every check, 64 KiB at most.'),
  banner_success: absolutePath.describe('A file that clients are sent once all checks are passed.'),
  banner_fail: absolutePath.describe('A file that clients are sent who are refused.'),
  id_only: z
    .boolean()
    .describe('Whether only those are served whose host says who they are (RFC 1413). Default: false.'),
  peer_env: z
    .array(z.enum(PEER_ENV_SETS as unknown as [PeerEnvSet, ...PeerEnvSet[]]))
    .describe(
      'Names in the environment of handlers that tell of the client: xinetd, ucspi, cgi, zinetd, tls. Default: none.',
    ),
};
