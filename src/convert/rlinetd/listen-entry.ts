import { isIP } from 'node:net';
import { quote } from '../../config/quote.ts';
import type { MapEntry, ScalarNode } from '../../config/syntax-node.ts';
import { entryOf, listNode, scalarNode } from '../tree.ts';
import { numberOf } from './number-of.ts';
import { firstOf, type ShapedService } from './service-context.ts';
import type { Token } from './token.ts';

interface Port {
  readonly text: string;
  readonly token: Token;
}

function isComma({ kind }: Token): boolean {
  return kind === 'mark';
}

/** Without any it is the name of the service; of RPC it is any. */
function portsOf({ service, shape, report }: ShapedService): readonly Port[] {
  const written = service.settings.get('port')?.values.filter((token) => !isComma(token));
  if (!written) return [{ text: shape.isRpc ? '0' : service.name.text, token: service.name }];
  return written.map((token) => ({
    text: token.kind === 'number' ? String(numberOf(token, report)) : token.text,
    token,
  }));
}

/** Of the one family; undefined after a report. */
function addressHost(token: Token, { service, report }: ShapedService): string | undefined {
  const family = firstOf(service, 'family')?.text;
  const kind = isIP(token.text);
  if (kind === 0 || (family !== undefined && family !== `ipv${kind}`)) {
    const reason = kind === 0 ? 'it is no address' : `"family ${family}" says otherwise`;
    const message = `Cannot use ${quote(token.text)} for "interface": ${reason}`;
    return void report.add({ code: 'rlinetd/value', at: token.place, message });
  }
  return kind === 4 ? token.text : `[${token.text}]`;
}

/**
 * rlinetd binds what getaddrinfo(3) gives, 0.0.0.0 first; behind that a TCP socket of both families cannot be bound, and
 * nobody is told. One of IPv6 alone takes IPv4 as well.
 */
function everywhere({ service, shape }: ShapedService): string {
  const family = firstOf(service, 'family')?.text;
  if (family === 'ipv6') return '46';
  return family === 'ipv4' || shape.transport === 'tcp' ? '4' : '';
}

/** Where the service listens. */
export function listenEntry(shaped: ShapedService): MapEntry {
  const { service, shape } = shaped;
  const written = service.settings.get('interface')?.values.filter((token) => !isComma(token)) ?? [];
  const addresses = written.filter(({ kind }) => kind === 'address');
  const ports = portsOf(shaped);
  const node = (suffix: string, host: string, { text, token }: Port): ScalarNode =>
    scalarNode(`${shape.transport}${suffix}://${host}:${text}`, token.place);
  const nodes =
    addresses.length === 0
      ? ports.map((port) => node(everywhere(shaped), '*', port))
      : addresses.flatMap((token) => {
          const host = addressHost(token, shaped);
          return host === undefined ? [] : ports.map((port) => node('', host, port));
        });
  const [first] = nodes;
  const at = service.settings.get('port')?.name.place ?? service.name.place;
  return entryOf('listen', nodes.length === 1 && first ? first : listNode(nodes, at));
}
