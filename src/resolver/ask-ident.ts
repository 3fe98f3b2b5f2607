import { connect } from 'node:net';
import type { ClientIdent, UnidentifiedReason } from '../model/client-ident.ts';
import type { End } from './decode-end.ts';
import { MOST_REPLY_BYTES, parseIdent } from './parse-ident.ts';

const IDENT_PORT = 113;

type After = (delayMs: number, callback: () => void) => () => void;

/** The line without its CR LF, once it is there; `long` when there is none where there should be one. */
function lineOf(received: Buffer): string | 'long' | undefined {
  const end = received.indexOf('\r\n');
  if (end < 0) return received.length >= MOST_REPLY_BYTES ? 'long' : undefined;
  return end + 2 > MOST_REPLY_BYTES ? 'long' : received.toString('latin1', 0, end);
}

/**
 * Asks the host of a client who the client is: RFC 1413. From the address that the client came to, since its host
 * looks for a connection with that one (S94). One line there, one back, `deadlineMs` for all of it (S93).
 */
export function askIdent(
  { local, peer, deadlineMs }: { readonly local: End; readonly peer: End; readonly deadlineMs: number },
  after: After,
): Promise<ClientIdent> {
  return new Promise((done) => {
    const socket = connect({ host: peer.address, port: IDENT_PORT, localAddress: local.address });
    let received = Buffer.alloc(0);
    let isConnected = false;
    const finish = (ident: ClientIdent): void => {
      cancel();
      socket.destroy();
      done(ident);
    };
    const fail = (why: UnidentifiedReason): void => finish({ kind: 'unknown', why });
    const cancel = after(deadlineMs, () => fail('timeout'));
    socket.on('connect', () => {
      isConnected = true;
      socket.write(`${peer.port},${local.port}\r\n`);
    });
    socket.on('data', (bytes) => {
      received = Buffer.concat([received, bytes]);
      const line = lineOf(received);
      if (line === 'long') fail('cut');
      else if (line !== undefined) finish(parseIdent(line, { peerPort: peer.port, localPort: local.port }));
    });
    // After an answer these change nothing.
    socket.on('error', () => fail(isConnected ? 'cut' : 'no_server'));
    socket.on('close', () => fail(isConnected ? 'cut' : 'no_server'));
  });
}
