import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import { until } from './until.ts';

/** A client with a port of its own, and what it was answered. */
export class DatagramClient {
  readonly answers: string[] = [];
  readonly #socket: Socket;
  readonly #to: { readonly host: string; readonly port: number };

  constructor(socket: Socket, to: { readonly host: string; readonly port: number }) {
    this.#socket = socket;
    this.#to = to;
    socket.on('message', (bytes) => this.answers.push(bytes.toString()));
    socket.on('error', () => {});
  }

  get port(): number {
    return this.#socket.address().port;
  }

  send(text: string): Promise<void> {
    const { host, port } = this.#to;
    return new Promise((done, failed) => {
      this.#socket.send(text, port, host, (error) => (error ? failed(error) : done()));
    });
  }

  /** The next answer that no earlier call got. */
  async answer(options: { readonly timeoutMs?: number } = {}): Promise<string> {
    await until(() => this.answers.length > 0, { what: 'a datagram comes back', ...options });
    return this.answers.shift() ?? '';
  }
}

/** A client of a service on this machine; closed after the test. */
export async function datagramClient(
  port: number,
  host = '127.0.0.1',
  options: { readonly from?: string } = {},
): Promise<DatagramClient> {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  onTestFinished(() => {
    socket.close();
  });
  socket.bind(0, options.from ?? host);
  await once(socket, 'listening');
  return new DatagramClient(socket, { host, port });
}
