import { quote } from '../../config/quote.ts';
import type { MapEntry } from '../../config/syntax-node.ts';
import { entryOf, mapNode, scalarNode } from '../tree.ts';
import type { ChainContext } from './chain-context.ts';
import type { ServerCall } from './server-call.ts';

function missing(name: string, call: ServerCall, { report }: ChainContext): undefined {
  const message = `Cannot know the certificate of ${quote(call.server.text)}: nothing sets ${quote(name)}`;
  const help = `write "export ${name}=/path" before it, or an environment directory with it`;
  report.add({ code: 'tcprules/certificate', at: call.server.place, message, help });
}

/** TLS with the files that the environment names; without them a service would speak in clear, and is left out. */
export function tlsEntry(call: ServerCall, context: ChainContext): MapEntry | undefined {
  const { tls } = call;
  if (!tls) return undefined;
  const { env } = context.set;
  const path = (name: string, key: string): MapEntry | undefined => {
    const word = env.get(name);
    return (
      word && entryOf(key, scalarNode(context.files.resolve(word.text, context.set.cwd?.text), word.place))
    );
  };
  const certificate = path('CERTCHAINFILE', 'certificate') ?? path('CERTFILE', 'certificate');
  const key = path('KEYFILE', 'key');
  const authorities = path('CCAFILE', 'client_ca') ?? path('CAFILE', 'client_ca');
  if (!certificate) return missing('CERTFILE', call, context);
  if (tls.asksClient && !authorities) return missing('CAFILE', call, context);
  const client = tls.asksClient ? [entryOf('client', scalarNode('required', tls.at.place)), authorities] : [];
  return entryOf('tls', mapNode([certificate, key, ...client], tls.at.place));
}
