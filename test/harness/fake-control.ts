import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { MethodName, Request } from '../../src/control/messages.ts';
import { scratch } from './scratch.ts';

/** What a method is answered with: lines to send as they are, or `result`, `item` and `error` without their number. */
export type Play = (request: Request, socket: Socket) => void;

export interface FakeControl {
  readonly path: string;
  /** What was asked, in order. */
  readonly requests: readonly Request[];
}

export function reply(request: Request, body: object): string {
  return `${JSON.stringify({ zinetd: 1, id: request.id, ...body })}\n`;
}

/** Answers each method with one result. */
export function result(value: unknown): Play {
  return (request, socket) => socket.write(reply(request, { result: value }));
}

export function error(code: string, message: string): Play {
  return (request, socket) => socket.write(reply(request, { error: { code, message } }));
}

/** A control socket that says what the test wants, true or not, until the test is over. */
export async function fakeControl(plays: Partial<Record<MethodName, Play>>): Promise<FakeControl> {
  const path = join(scratch('control'), 'control');
  const requests: Request[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let rest = '';
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => {
      const lines = (rest + chunk.toString('utf8')).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const request = JSON.parse(line) as Request;
        requests.push(request);
        const unknown = error('unknown-method', `Cannot answer "${request.method}": there is no such method`);
        (plays[request.method as MethodName] ?? unknown)(request, socket);
      }
    });
  });
  await new Promise<void>((done) => server.listen(path, done));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { path, requests };
}
