import { z } from 'zod';
import type { DaemonName } from './document.ts';
import { parseListen } from './listen.ts';
import { absolutePath, checkedText, fileMode, principal } from './schema-parts.ts';

const METRICS_FORM = 'must be one address such as "tcp://127.0.0.1:9797", or a unix socket';

const metricsListen: z.ZodType = checkedText((text) => {
  const listen = parseListen(text);
  if ('reason' in listen) return listen;
  const isStream =
    (listen.kind === 'inet' && listen.scheme === 'tcp') ||
    (listen.kind === 'unix' && listen.scheme === 'unix');
  return isStream ? undefined : { reason: METRICS_FORM };
});

/** How the daemon itself is run and asked: top-level settings. */
export const OPERATION_SHAPE: Readonly<
  Record<Extract<DaemonName, 'control' | 'metrics' | 'watch'>, z.ZodType>
> = {
  control: z
    .union([
      z.literal('none'),
      z.strictObject({
        socket: absolutePath.optional(),
        read_only: z
          .strictObject({ socket: absolutePath, mode: fileMode.optional(), group: principal.optional() })
          .optional(),
      }),
    ])
    .describe(
      'The unix socket that zinetd status, reload and others talk to, or none; read_only is another that only tells. Default: that of --control.',
    ),
  metrics: z
    .strictObject({ listen: metricsListen })
    .describe(
      'Where Prometheus gets the metrics, such as {listen: "tcp://127.0.0.1:9797"}. Default: nowhere.',
    ),
  watch: z
    .boolean()
    .describe('Whether zinetd reloads its configuration when a file of it changes. Default: true.'),
};
