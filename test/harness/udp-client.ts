import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';

export interface UdpReply {
  readonly bytes: Buffer;
  readonly address: string;
  readonly port: number;
}

/** A UDP client with a socket of its own, closed when the test is over. */
export class UdpClient {
  readonly socket: Socket;
  readonly replies: UdpReply[] = [];

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on('message', (bytes, { address, port }) => this.replies.push({ bytes, address, port }));
  }

  send(data: string | Uint8Array, to: { readonly port: number; readonly host?: string }): Promise<void> {
    const { port, host = this.socket.address().family === 'IPv6' ? '::1' : '127.0.0.1' } = to;
    return new Promise((resolve, reject) =>
      this.socket.send(data, port, host, (error) => (error ? reject(error) : resolve())),
    );
  }

  /** Waits until there are so many replies, and gives the last of them. */
  async reply(count = this.replies.length + 1): Promise<UdpReply> {
    while (this.replies.length < count) await once(this.socket, 'message');
    const reply = this.replies[count - 1];
    if (!reply) throw new Error('There is no such reply');
    return reply;
  }
}

export async function udpClient(
  options: { readonly from?: string; readonly port?: number } = {},
): Promise<UdpClient> {
  const { from = '127.0.0.1', port = 0 } = options;
  const socket = createSocket(from.includes(':') ? 'udp6' : 'udp4');
  onTestFinished(() => {
    socket.close();
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(port, from, resolve);
  });
  return new UdpClient(socket);
}
