import { z } from 'zod';
import type { AttributeName } from './document.ts';
import { findProxyFault } from './find-proxy-fault.ts';
import { checkedText, spanOfTime } from './schema-parts.ts';

const MOST_PROXIES = 1000;
const MOST_TIMEOUT_DAYS = 1;

/** Who stands in front of a service, and says of whom the connections are. */
export const PROXY_SHAPE: Readonly<Record<Extract<AttributeName, 'proxy_protocol'>, z.ZodType>> = {
  proxy_protocol: z
    .union([
      z.literal(false, { error: 'must be {from, timeout}, or false' }),
      z.strictObject({
        from: z
          .array(checkedText(findProxyFault))
          .min(1, { error: 'must name at least one proxy' })
          .max(MOST_PROXIES),
        timeout: spanOfTime(MOST_TIMEOUT_DAYS).optional(),
      }),
    ])
    .describe(
      'Proxies whose connections begin with a header of the PROXY protocol, v1 or v2: {from, timeout}. Default: false.',
    ),
};
