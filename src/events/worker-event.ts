import type { Exit } from './exit.ts';
import type { LaunchFailure } from './launch-failure.ts';

/**
 * Why a worker of a pool is to end: another one has its place (`max_requests`, `max_age`), a reload, a stop, one of its
 * connections was ended by zinetd, it did not keep to the protocol, or there are too many.
 */
export type WorkerEnd = 'renewed' | 'reload' | 'stopping' | 'connection' | 'protocol' | 'surplus';

/** Handlers that live on: they are no connections, and have them. */
export type WorkerEvent =
  | { readonly type: 'worker-started'; readonly service: string; readonly pid: number }
  | {
      readonly type: 'worker-exited';
      readonly service: string;
      readonly pid: number;
      readonly exit: Exit;
      /** Connections in its life, and those that it had still; undefined of one that an earlier dispatcher had started. */
      readonly given?: number;
      readonly lost?: number;
      /** Undefined: by itself. */
      readonly end: WorkerEnd | undefined;
    }
  | {
      readonly type: 'worker-failed';
      readonly service: string;
      readonly failure: LaunchFailure;
      /** 0: at once. */
      readonly retryMs: number;
    };
