import type { Handler } from './connection.ts';
import { describeFailure } from './describe-failure.ts';
import type { OpenConnection } from './open-connection.ts';

export const OK = 0;
export const FAILED = 1;
const MOST_STATUS = 255;

export interface RunOptions {
  readonly handler: Handler;
  tell(line: string): void;
}

/** A number is an exit status; any other value stands for 0. */
function statusOf(value: unknown): number {
  if (typeof value !== 'number') return OK;
  if (Number.isInteger(value) && value >= 0 && value <= MOST_STATUS) return value;
  throw new RangeError(`${value} is no exit status from 0 to ${MOST_STATUS}`);
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { readonly then?: unknown } | null | undefined)?.then === 'function';
}

/** A handler that heeds its signal ends by an AbortError. */
function wasTold(thrown: unknown, { connection }: OpenConnection): boolean {
  return connection.signal.aborted && thrown instanceof Error && thrown.name === 'AbortError';
}

/**
 * The exit status, when the handler's promise has settled; without a promise, when the socket has closed. What it throws
 * is told, and never rejects.
 */
export async function runHandler(open: OpenConnection, { handler, tell }: RunOptions): Promise<number> {
  try {
    const result = handler(open.connection);
    if (isPromise(result)) return statusOf(await result);
    await open.closed;
    return OK;
  } catch (thrown) {
    if (wasTold(thrown, open)) return OK;
    tell(describeFailure(thrown, open.connection.id));
    return FAILED;
  }
}
