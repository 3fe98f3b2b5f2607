import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';

const PATIENCE_MS = 5000;

/** A client whose handler says back what it hears. */
export class Held {
  readonly #socket: Socket;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('error', () => {});
  }

  /** Whether it comes back. */
  async say(text: string): Promise<boolean> {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const answer = once(this.#socket, 'data', { signal });
    this.#socket.write(text);
    return answer.then(
      ([bytes]: unknown[]) => String(bytes).endsWith(text),
      () => false,
    );
  }

  close(): void {
    this.#socket.destroy();
  }
}

/** A client that has heard its handler's first words. */
export async function hold(port: number): Promise<Held> {
  const socket = createConnection({ port, host: '127.0.0.1' });
  const held = new Held(socket);
  await once(socket, 'data', { signal: AbortSignal.timeout(PATIENCE_MS) });
  return held;
}
