import { describeSource } from '../../admission/describe-source.ts';
import { addressKey } from '../../model/address.ts';
import { parseEndpoint } from '../../model/parse-endpoint.ts';
import type { Bans } from '../bans.ts';
import { interfaceByNumber } from './interface-by-number.ts';

/** Who counts as one: key and name of the source that a text means. */
export interface ParsedSource {
  readonly key: Uint32Array;
  readonly name: string;
  /** Of the one address that was written. */
  readonly address: Uint8Array;
}

/** An address, or what `bans` calls a source; or why it is neither. */
export function parseSource(
  text: string,
  bans: Pick<Bans, 'sourceOf' | 'prefixes'>,
): ParsedSource | { readonly reason: string } {
  const [host = ''] = text.split('/');
  const endpoint = parseEndpoint(host, interfaceByNumber);
  const isWithPort = host.startsWith('[') || (/^[^:]+:\d+$/.test(host) && !/^(uid|cid):/.test(host));
  if ('fault' in endpoint || isWithPort) return { reason: 'it is no address' };
  const address = addressKey(endpoint);
  const key = bans.sourceOf(address);
  const name = describeSource(key, bans.prefixes);
  if (!text.includes('/') || text === name) return { key, name, address };
  return { reason: `one source is ${name} here` };
}
