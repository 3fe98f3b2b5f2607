import { fstatSync, writeSync } from 'node:fs';
import { loadBinding } from '../native/load.ts';
import { Poller } from '../native/poller.ts';
import type { World } from './world.ts';

const STDIN = 0;
const STDERR = 2;

/** Under most inetds standard error is the connection, and what is for the log would go to the client. */
function isLog(): boolean {
  try {
    const [log, connection] = [fstatSync(STDERR), fstatSync(STDIN)];
    return log.ino !== connection.ino || log.dev !== connection.dev;
  } catch {
    return false;
  }
}

export function tell(line: string): void {
  if (!isLog()) return;
  try {
    writeSync(STDERR, `${line}\n`);
  } catch {
    // A log that is full or gone is no reason to fail a client.
  }
}

function after(delayMs: number, callback: () => void): () => void {
  const timer = setTimeout(callback, delayMs);
  return () => clearTimeout(timer);
}

/** This process as it was started. Throws NativeLoadError. */
export function ownProcess(): World {
  const binding = loadBinding();
  return {
    ...{ binding, poller: new Poller(binding), tell, after },
    ...{ environment: process.env, pid: process.pid },
    // The second time it has its usual effect.
    onEnd: (callback) => void process.once('SIGTERM', callback),
  };
}
