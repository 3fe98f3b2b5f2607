import { createConnection } from 'node:net';

export interface CrowdOptions {
  readonly count: number;
  readonly inFlight: number;
  /** What each client sends, before it half-closes. */
  readonly send?: string;
  /** Ends early. */
  readonly until?: () => boolean;
}

/** What became of one client: everything that it received, and the error code if there was one. */
export interface Visit {
  readonly received: string;
  readonly code: string | undefined;
  readonly durationMs: number;
}

export function visit(port: number, send = ''): Promise<Visit> {
  const startMs = performance.now();
  const socket = createConnection({ port, host: '127.0.0.1', allowHalfOpen: true });
  let received = '';
  let code: string | undefined;
  socket.setEncoding('latin1').on('data', (text: string) => {
    received += text;
  });
  socket.once('end', () => socket.destroy());
  socket.on('error', (error: NodeJS.ErrnoException) => {
    code ??= error.code ?? error.message;
  });
  socket.end(send);
  return new Promise((done) =>
    socket.once('close', () => done({ received, code, durationMs: performance.now() - startMs })),
  );
}

/** Many clients, some of them at once; each one's visit. */
export async function crowd(port: number, options: CrowdOptions): Promise<readonly Visit[]> {
  const visits: Visit[] = [];
  let begun = 0;
  const worker = async () => {
    while (begun < options.count && !options.until?.()) {
      begun++;
      visits.push(await visit(port, options.send));
    }
  };
  await Promise.all(Array.from({ length: options.inFlight }, worker));
  return visits;
}
