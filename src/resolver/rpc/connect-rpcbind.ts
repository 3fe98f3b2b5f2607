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

/** An rpcbind that is just starting has its socket a moment after its port. */
const SETTLE_MS = 250;

function settled(after: After): Promise<void> {
  return new Promise((done) => {
    after(SETTLE_MS, done);
  });
}

/** A socket, and whether it is that of the first place. */
type Reached = { readonly socket: Socket; readonly isFirst: boolean } | { readonly code: string };

async function reach(places: readonly NetConnectOpts[], after: After): Promise<Reached> {
  let first: string | undefined;
  for (const place of places) {
    const socket = await openSocket(place, after);
    if (typeof socket !== 'string') return { socket, isFirst: first === undefined };
    first ??= socket;
  }
  return { code: first ?? 'ENOENT' };
}

/** A link to the first place that can be reached, or the symbolic errno of the first that could not. */
export async function connectRpcbind(
  places: readonly NetConnectOpts[],
  after: After,
): Promise<RpcbindLink | { readonly code: string }> {
  const reached = await reach(places, after);
  if ('code' in reached) return reached;
  if (reached.isFirst) return new RpcbindLink(reached.socket, after);
  reached.socket.destroy();
  await settled(after);
  const again = await reach(places, after);
  return 'code' in again ? again : new RpcbindLink(again.socket, after);
}
