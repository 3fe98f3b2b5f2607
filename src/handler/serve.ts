import { UsageError } from '../model/errors.ts';
import type { Handler } from './connection.ts';
import { environmentOf } from './environment.ts';
import { OpenConnections } from './open-connections.ts';
import { ownProcess, tell } from './own-process.ts';
import { serveListeners } from './serve-listeners.ts';
import { servePool } from './serve-pool.ts';
import { findSetting, type Setting } from './setting.ts';
import type { World } from './world.ts';

export type { Connection, Handler, Peer } from './connection.ts';

export interface ServeOptions {
  /** How many connections it has at once at the most; 100 by default. Others wait, or go to another process. */
  readonly connections?: number;
  /** With a listening socket: how long nobody must have come before it ends; a minute by default, or Infinity. */
  readonly idleMs?: number;
  /** False: the caller ends the process. */
  readonly exit?: boolean;
}

const CONNECTIONS = 100;
const IDLE_MS = 60_000;
/** More than a timer can wait. */
const LONGEST_IDLE_MS = 2 ** 31 - 1;

const WRONG_USE = 2;
const SYSTEM_SAID_NO = 3;

interface Limits {
  readonly connections: number;
  readonly idleMs: number;
}

/** Throws UsageError. */
function limitsOf({ connections = CONNECTIONS, idleMs = IDLE_MS }: ServeOptions): Limits {
  if (!Number.isInteger(connections) || connections < 1) {
    throw new UsageError(`Cannot serve ${connections} connections at once: no whole number from 1 on`);
  }
  if (!(idleMs > 0 && (idleMs <= LONGEST_IDLE_MS || idleMs === Number.POSITIVE_INFINITY))) {
    throw new UsageError(`Cannot be idle for ${idleMs} ms: no number up to ${LONGEST_IDLE_MS}, or Infinity`);
  }
  return { connections, idleMs };
}

interface Scene {
  readonly world: World;
  readonly connections: OpenConnections;
  readonly idleMs: number;
}

function serveIn(setting: Setting, scene: Scene): Promise<number> {
  const { world, connections } = scene;
  switch (setting.kind) {
    case 'inetd':
      return connections.serve({
        fd: setting.fd,
        environment: environmentOf(world.environment),
        isTold: true,
      });
    case 'wait':
      return serveListeners(setting.fds, scene);
    case 'pool':
      return servePool(setting.fd, scene);
  }
}

async function serveAll(handler: Handler, options: ServeOptions): Promise<number> {
  const { connections: most, idleMs } = limitsOf(options);
  const world = ownProcess();
  const connections = new OpenConnections({ world, handler, most });
  const status = await serveIn(findSetting(world), { world, connections, idleMs });
  await connections.settled();
  return status;
}

/**
 * Serves with `handler` whatever this process was started for: one connection by an inetd, listening sockets, or the
 * connections of a pool. The process ends when that is done; with `exit: false` the promise is its exit status.
 */
export async function serve(handler: Handler, options: ServeOptions = {}): Promise<number> {
  if (options.exit === false) return serveAll(handler, options);
  try {
    process.exit(await serveAll(handler, options));
  } catch (error) {
    tell(error instanceof Error ? error.message : String(error));
    process.exit(error instanceof UsageError ? WRONG_USE : SYSTEM_SAID_NO);
  }
}
