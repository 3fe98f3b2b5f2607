import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect as connectTcp } from 'node:net';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import { onTestFinished } from 'vitest';

/** `ca`, `cert` and `key` are files. */
export interface TlsClientOptions extends Omit<ConnectionOptions, 'ca' | 'cert' | 'key'> {
  readonly ca: string;
  readonly cert?: string;
  readonly key?: string;
  /** The address to come from. */
  readonly from?: string;
}

/** Somebody who speaks TLS, and may say no more while the other side still talks. */
export async function connectTls(port: number, options: TlsClientOptions): Promise<TLSSocket> {
  const { ca, cert, key, from, ...rest } = options;
  const raw = connectTcp({
    port,
    host: '127.0.0.1',
    allowHalfOpen: true,
    ...(from && { localAddress: from }),
  });
  const socket = connect({
    ...{ socket: raw, servername: 'localhost', ca: readFileSync(ca), ...rest },
    ...(cert && { cert: readFileSync(cert) }),
    ...(key && { key: readFileSync(key) }),
  });
  onTestFinished(() => {
    socket.on('error', () => {}).destroy();
    raw.on('error', () => {}).destroy();
  });
  await once(socket, 'secureConnect');
  return socket;
}

/** All that comes until the other side has no more to say. */
export async function readAll(socket: TLSSocket): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of socket.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>)
    pieces.push(piece);
  return Buffer.concat(pieces).toString('latin1');
}

/** Says something and no more, and gives the answer. */
export async function askTls(port: number, text: string, options: TlsClientOptions): Promise<string> {
  const socket = await connectTls(port, options);
  socket.end(text);
  return readAll(socket);
}
