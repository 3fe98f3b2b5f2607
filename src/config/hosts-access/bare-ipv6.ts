import { parseAddress } from '../../model/address.ts';
import { quote } from '../quote.ts';
import type { Remark } from './hosts-problem.ts';
import type { Parsed } from './parse-network.ts';
import { type Token, tokensOf } from './tokens.ts';

/** What tcp_wrappers cuts at its first colon, and in a file of patterns never matches. */
export function parseBareIpv6(text: string): Parsed {
  const [address = '', length] = text.split('/', 2);
  const reason = 'an IPv6 address stands in brackets';
  const help =
    parseAddress(address)?.length !== 16
      ? undefined
      : `write "[${address}]${length === undefined ? '' : `/${length}`}"`;
  return { code: 'hosts/bare-ipv6', reason, help };
}

/** IPv6 addresses without brackets in what follows the list of daemons, where their colons end lists. */
export function findBareIpv6(rest: Token): readonly Remark[] {
  return tokensOf(rest).flatMap((token) => {
    const text = token.text.slice(token.text.indexOf('@') + 1);
    const parsed = parseBareIpv6(text);
    if ('pattern' in parsed || parsed.help === undefined) return [];
    const message = `Cannot use ${quote(text)}: ${parsed.reason}`;
    return [{ code: parsed.code, offset: token.offset, message, help: parsed.help }];
  });
}
