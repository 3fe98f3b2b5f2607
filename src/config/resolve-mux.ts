import type { MuxName } from '../model/builtin.ts';
import type { LayeredService } from './layer.ts';
import { parseListen } from './listen.ts';

/** What tcpmux knows a service by (RFC 1078). */
export function resolveMux({ settings: { listen } }: LayeredService): readonly MuxName[] {
  return [listen?.value ?? []].flat().flatMap((written) => {
    const text = parseListen(written);
    if ('reason' in text || text.kind !== 'tcpmux') return [];
    return [{ name: text.name, isAnswered: text.isAnswered }];
  });
}
