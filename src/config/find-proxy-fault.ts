import { parseAccessEntry } from './access-entry.ts';
import type { NotationFault } from './notation-fault.ts';

/**
 * Why an entry of `proxy_protocol.from` cannot be used. Whoever it names can be anybody: no name will do, which others
 * give out, and nothing that is everybody (S57).
 */
export function findProxyFault(text: string): NotationFault | undefined {
  const entry = parseAccessEntry(text);
  if ('reason' in entry) return entry;
  switch (entry.kind) {
    case 'zoned':
    case 'peer':
      return undefined;
    case 'prefixes':
      return entry.prefixes.some(({ length }) => length === 0)
        ? {
            reason: 'a header would be believed of everybody',
            help: 'write the addresses of the proxies alone',
          }
        : undefined;
    default:
      return { reason: 'proxies are known by their addresses', help: 'write an address or a network' };
  }
}
