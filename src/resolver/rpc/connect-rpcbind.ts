import { type NetConnectOpts, connect as open, type Socket } from 'node:net';
import { RpcbindLink } from './rpcbind-link.ts';

/**
 * Where rpcbind is: over the unix socket it knows who calls, and lets nobody else undo what we set. Over loopback,
 * where the socket is missing, it knows only that it is somebody of this machine.
 */
export const RPCBIND_PLACES: readonly NetConnectOpts[] = [
  { path: '/run/rpcbind.sock' },
  { host: '127.0.0.1', port: 111 },
];

const DEADLINE_MS = 5000;

type After = (delayMs: number, callback: () => void) => () => void;

function codeOf(error: Error): string {
  return 'code' in error ? String(error.code) : 'EIO';
}

/** The socket, or the symbolic errno. */
function openSocket(place: NetConnectOpts, after: After): Promise<Socket | string> {
  return new Promise((done) => {
    const socket = open(place);
    const finish = (outcome: Socket | string): void => {
      cancel();
      if (typeof outcome === 'string') socket.on('error', () => {}).destroy();
      done(outcome);
    };
    const cancel = after(DEADLINE_MS, () => finish('ETIMEDOUT'));
    socket.on('connect', () => finish(socket));
    socket.on('error', (error) => finish(codeOf(error)));
  });
}

/** A link to the first place that can be reached, or the symbolic errno of the first that could not. */
export async function connectRpcbind(
  places: readonly NetConnectOpts[],
  after: After,
): Promise<RpcbindLink | { readonly code: string }> {
  let first: string | undefined;
  for (const place of places) {
    const socket = await openSocket(place, after);
    if (typeof socket !== 'string') return new RpcbindLink(socket, after);
    first ??= socket;
  }
  return { code: first ?? 'ENOENT' };
}
