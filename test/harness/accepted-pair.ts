import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import type { Binding } from '../../src/native/binding.ts';
import { Descriptor } from '../../src/native/descriptor.ts';

export interface AcceptedPair {
  /** Paused: Node takes a reset for an end when it reads, a test that must not reads from the descriptor. */
  readonly client: Socket;
  readonly clientFd: number;
  /** The other end, which Node does not read from. */
  readonly server: Socket;
  /** The descriptor of the other end; closing it closes `server`. */
  readonly descriptor: Descriptor;
}

function fdOf(socket: Socket): number {
  return (socket as unknown as { readonly _handle: { readonly fd: number } })._handle.fd;
}

/** A connection over loopback whose accepted end is used through the binding. */
export async function acceptedPair(binding: Binding): Promise<AcceptedPair> {
  const listener = createServer({ pauseOnConnect: true });
  const accepted = new Promise<Socket>((resolve) => listener.once('connection', resolve));
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const client = connect((listener.address() as AddressInfo).port, '127.0.0.1').pause();
  const server = await accepted;
  if (client.connecting) await new Promise((resolve) => client.once('connect', resolve));
  for (const socket of [client, server]) socket.on('error', () => {});
  onTestFinished(() => {
    client.destroy();
    server.destroy();
    listener.close();
  });
  const close = (): number => {
    server.destroy();
    return 0;
  };
  const descriptor = new Descriptor({ ...binding, close }, fdOf(server));
  return { client, clientFd: fdOf(client), server, descriptor };
}
