import { createConnection, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** How the other side ended the connection. */
export type Ending = 'end' | 'reset';

/** A TCP client of one connection; what it receives is kept. */
export class Client {
  readonly socket: Socket;
  readonly #chunks: Buffer[] = [];
  readonly #ended: Promise<Ending>;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk: Buffer) => this.#chunks.push(chunk));
    this.#ended = new Promise((resolve) => {
      socket.once('end', () => resolve('end'));
      socket.once('error', () => resolve('reset'));
      socket.once('close', () => resolve('reset'));
    });
  }

  get localPort(): number {
    return this.socket.localPort ?? 0;
  }

  /** Everything received so far. */
  get received(): Buffer {
    return Buffer.concat(this.#chunks);
  }

  send(data: string | Uint8Array): void {
    this.socket.write(data);
  }

  /** Says that nothing more will be sent; what the other side sends still arrives. */
  halfClose(): void {
    this.socket.end();
  }

  reset(): void {
    this.socket.resetAndDestroy();
  }

  /** Waits for the end, and tells whether it was a clean one. */
  ended(): Promise<Ending> {
    return this.#ended;
  }

  /** Everything until the other side closes. */
  async readAll(): Promise<string> {
    await this.#ended;
    return this.received.toString('utf8');
  }

  /** Waits until what was received includes a text, and gives all of it. */
  async readUntil(text: string): Promise<string> {
    while (!this.received.includes(text)) {
      const more = new Promise((resolve) => this.socket.once('data', resolve));
      const ending = await Promise.race([more, this.#ended]);
      if (typeof ending === 'string' && !this.received.includes(text)) {
        throw new Error(`The connection ended (${ending}) before "${text}": got "${this.received}"`);
      }
    }
    return this.received.toString('utf8');
  }
}

/** Connects to loopback; rejects if refused. The connection is gone when the test is over. */
export async function connect(
  port: number,
  options: { readonly host?: string; readonly from?: string } = {},
): Promise<Client> {
  const { host = '127.0.0.1', from } = options;
  const source = from === undefined ? {} : { localAddress: from };
  const socket = createConnection({ port, host, allowHalfOpen: true, ...source });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  onTestFinished(() => {
    socket.destroy();
  });
  return new Client(socket);
}

/** One whole exchange: connect, send, half-close, read to the end. */
export async function ask(
  port: number,
  text = '',
  options: { readonly from?: string } = {},
): Promise<string> {
  const client = await connect(port, options);
  client.send(text);
  client.halfClose();
  const answer = await client.readAll();
  client.socket.destroy();
  return answer;
}
