import { createConnection, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** One line of the control protocol, as it came. */
export interface ControlReply {
  readonly zinetd: number;
  readonly id: number | null;
  readonly result?: Record<string, unknown>;
  readonly item?: Record<string, unknown>;
  readonly error?: { readonly code: string; readonly message: string };
}

/** A plain connection to a control socket: lines in, lines out, without the client of zinetd. */
export class ControlLine {
  readonly socket: Socket;
  readonly replies: ControlReply[] = [];
  /** The other side has closed. */
  readonly ended: Promise<void>;
  readonly #waiters = new Set<() => void>();
  #text = '';
  #nextId = 1;
  #hasEnded = false;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.setEncoding('utf8').on('data', (text: string) => this.#take(text));
    socket.on('error', () => {});
    this.ended = new Promise((resolve) => {
      const end = (): void => {
        this.#hasEnded = true;
        this.#wake();
        resolve();
      };
      socket.once('end', end).once('close', end);
    });
  }

  send(text: string | Uint8Array): void {
    this.socket.write(text);
  }

  /** Sends a request; gives the number that its replies have. */
  request(method: string, params: Record<string, unknown> = {}): number {
    const id = this.#nextId++;
    this.send(`${JSON.stringify({ zinetd: 1, id, method, params })}\n`);
    return id;
  }

  /** The first reply, of those to come as well, that is as wanted. */
  async reply(isWanted: (reply: ControlReply) => boolean): Promise<ControlReply> {
    for (;;) {
      const found = this.replies.find(isWanted);
      if (found) return found;
      if (this.#hasEnded) throw new Error(`The control socket closed; got ${JSON.stringify(this.replies)}`);
      await new Promise<void>((resolve) => this.#waiters.add(resolve));
    }
  }

  /** The end of one request: its result, or its error. */
  async answer(method: string, params: Record<string, unknown> = {}): Promise<ControlReply> {
    const id = this.request(method, params);
    return this.reply((reply) => reply.id === id && reply.item === undefined);
  }

  /** The result of one request; throws where it is an error. */
  async call(method: string, params: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
    const { result, error } = await this.answer(method, params);
    if (!result) throw new Error(`"${method}" failed: ${error?.code}: ${error?.message}`);
    return result;
  }

  #take(text: string): void {
    const lines = `${this.#text}${text}`.split('\n');
    this.#text = lines.pop() ?? '';
    for (const line of lines) this.replies.push(JSON.parse(line) as ControlReply);
    this.#wake();
  }

  #wake(): void {
    for (const waiter of this.#waiters) waiter();
    this.#waiters.clear();
  }
}

/** Connects to a control socket; rejects if there is none. The connection is gone when the test is over. */
export async function controlLine(path: string): Promise<ControlLine> {
  const socket = createConnection({ path, allowHalfOpen: true });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  onTestFinished(() => {
    socket.destroy();
  });
  return new ControlLine(socket);
}
