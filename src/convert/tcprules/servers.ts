import type { ChainContext } from './chain-context.ts';
import { readS6 } from './s6-call.ts';
import type { ServerCall } from './server-call.ts';
import type { ShellWord } from './shell-word.ts';
import { readSslserver, readTcpserver } from './tcpserver-call.ts';
import { readTcpsvd, readUdpsvd } from './tcpsvd-call.ts';

type ReadCall = (
  words: readonly ShellWord[],
  context: ChainContext & { readonly self: ShellWord },
) => ServerCall | undefined;

/** Programs that listen and start another for each client. */
export const SERVERS: ReadonlyMap<string, ReadCall> = new Map<string, ReadCall>([
  ['tcpserver', readTcpserver],
  ['sslserver', readSslserver],
  ['tcpsvd', readTcpsvd],
  ['udpsvd', readUdpsvd],
  ...['s6-tcpserver', 's6-tcpserver4', 's6-tcpserver6', 's6-tlsserver'].map(
    (name) => [name, readS6] as const,
  ),
]);
