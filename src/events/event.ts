import type { Endpoint } from '../model/address.ts';
import type { BanReason } from '../model/ban-reason.ts';
import type { ControlFault } from '../model/control-fault.ts';
import type { Finding } from '../model/findings.ts';
import type { ForcedEnd } from '../model/forced-end.ts';
import type { ListenPlace } from '../model/listen-address.ts';
import type { RpcRegistration, RpcTrouble } from '../model/rpc.ts';
import type { ToldReason } from '../model/told-reason.ts';
import type { UpgradeFailure } from '../model/upgrade-failure.ts';
import type { Refusal } from '../model/verdict.ts';
import type { Exit } from './exit.ts';
import type { LaunchFailure } from './launch-failure.ts';
import type { ServiceState } from './service-state.ts';
import type { WorkerEvent } from './worker-event.ts';

/** What a relayed connection carried, from the client and to it. */
export interface Traffic {
  readonly inBytes: number;
  readonly outBytes: number;
}

/** Why zinetd is through with a client of its own: all is said, the client is gone, or a limit is reached. */
export type BuiltinEnd = 'done' | 'gone' | 'bytes' | 'idle' | 'time' | ForcedEnd;

/**
 * Why the running configuration stays: of `invalid` the `diagnostic` records say more, `restart-needed` has changes
 * of what is read at a start only, `time` is the compiler's limit, `system` is what the machine refused.
 */
export type ReloadFailure =
  | { readonly reason: 'invalid'; readonly errors: number }
  | { readonly reason: 'restart-needed'; readonly settings: readonly string[] }
  | {
      readonly reason: 'listen';
      readonly service: string;
      readonly local: ListenPlace;
      readonly code: string;
      /** A listener of the running configuration has that address, or part of it. */
      readonly isOurs: boolean;
    }
  | { readonly reason: 'time' }
  | { readonly reason: 'system'; readonly code: string };

/** The names of services that a reload has to do with. */
export interface ReloadChanges {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly string[];
}

/** Somebody at the other end of a connection. */
interface Client {
  readonly peer: Endpoint;
  /** The proxy that it came through (PROXY protocol); `peer` is nobody where that did not say whom it brought. */
  readonly via?: Endpoint | undefined;
}

/** A connection ends in exactly one of refused, failed, exited, or `answered` (promise 7). */
export type ConnectionEvent =
  | (Client & {
      readonly type: 'started';
      readonly service: string;
      /** Undefined: zinetd serves the client itself. */
      readonly pid: number | undefined;
      /** The level, in syslog's words, that a rule wants for the record. */
      readonly severity?: string | undefined;
    })
  | (Client & { readonly type: 'refused'; readonly service: string; readonly verdict: Refusal })
  | (Client & {
      readonly type: 'failed';
      readonly service: string;
      readonly failure: LaunchFailure;
      /** One of many, which share a record (`refused-more`). */
      readonly isUntold?: boolean | undefined;
    })
  | (Client & {
      readonly type: 'exited';
      readonly service: string;
      readonly pid: number | undefined;
      readonly exit: Exit;
      /** Of what zinetd serves itself, and of handlers that it ended: why that was the end. */
      readonly end?: BuiltinEnd | undefined;
      /** Of a connection that is relayed. */
      readonly traffic?: Traffic | undefined;
    });

/** What the client's host says of who the client is: RFC 1413. No end of a connection. */
export type IdentEvent =
  | {
      readonly type: 'identified';
      readonly service: string;
      readonly peer: Endpoint;
      readonly system: string;
      readonly user: string;
    }
  | {
      readonly type: 'unidentified';
      readonly service: string;
      readonly peer: Endpoint;
      readonly why: string;
      /** Without an answer nobody is served. */
      readonly isDemanded: boolean;
    };

/**
 * Refusals that had no `refused` of their own, or others without a `failed`, since there were too many (S118): of one
 * source, or, without `source`, of all others. With those that have one they add up to all of the service and reason.
 */
export interface RefusedMoreEvent {
  readonly type: 'refused-more';
  readonly service: string;
  readonly reason: ToldReason;
  /** The bytes of the address. */
  readonly source: Uint8Array | undefined;
  readonly count: number;
  /** How many sources these are, at least; there may be more if `hasMoreSources`. */
  readonly sources: number;
  readonly hasMoreSources: boolean;
  readonly durationMs: number;
}

/** What handlers write to their standard error, where that goes to the log. No end of a connection. */
export type StderrEvent =
  | {
      readonly type: 'stderr';
      readonly service: string;
      readonly connection: number;
      readonly pid: number;
      /** One line, as far as it is told. */
      readonly text: string;
      /** It was longer. */
      readonly isCut: boolean;
    }
  /** So many lines since the last time were not told, since there were too many (S118). */
  | { readonly type: 'stderr-dropped'; readonly service: string; readonly count: number };

/** The daemon's own life. `message` texts are made in logging, from this data. */
export type DaemonEvent =
  | WorkerEvent
  | { readonly type: 'listening'; readonly service: string; readonly local: ListenPlace }
  /** A reload has no use for this socket any more. */
  | { readonly type: 'closed'; readonly service: string; readonly local: ListenPlace }
  /** It is tried again after `retryMs`; undefined: never, since the machine cannot have such a socket. */
  | {
      readonly type: 'listen-failed';
      readonly service: string;
      readonly local: ListenPlace;
      readonly code: string;
      readonly retryMs: number | undefined;
    }
  /** tcpmux told somebody its names: the end of that connection. */
  | { readonly type: 'answered'; readonly service: string; readonly peer: Endpoint }
  | {
      readonly type: 'ready';
      readonly services: number;
      readonly adopted: number;
      /** Of the configuration, without what has them. */
      readonly errors: number;
    }
  | { readonly type: 'program-replaced'; readonly service: string }
  | { readonly type: 'dispatcher-restarted'; readonly times: number }
  /** By an exception that nobody expected, and `at` in our code: a bug. Another one takes over. */
  | { readonly type: 'dispatcher-crashed'; readonly error: string; readonly at: string | undefined }
  | { readonly type: 'resolver-restarted'; readonly times: number }
  | { readonly type: 'paused'; readonly service: string; readonly reason: string; readonly retryMs: number }
  | { readonly type: 'resumed'; readonly service: string }
  /** So many datagrams since the last time were taken out of a socket for nobody: their senders send again. */
  | { readonly type: 'datagrams-dropped'; readonly service: string; readonly count: number }
  /** Handlers of a service that waits end at once and leave its socket as it was: the next one has to wait (S66). */
  | { readonly type: 'fruitless'; readonly service: string; readonly retryMs: number }
  /** A limit with the policy `suspend` was reached: nothing is accepted for this long. */
  | { readonly type: 'suspended'; readonly service: string; readonly reason: string; readonly forMs: number }
  /** The source of `peer` is banned from all services; `forMs` may be Infinity. */
  | {
      readonly type: 'banned';
      readonly service: string;
      readonly peer: Endpoint;
      readonly reason: BanReason;
      readonly forMs: number;
    }
  /** So many clients since the last time found no place in the table of sources. */
  | { readonly type: 'sources-full'; readonly untracked: number }
  /** The program of `decide` could not be started; told once for each service. */
  | { readonly type: 'decider-failed'; readonly service: string; readonly failure: LaunchFailure }
  /** A penalty or ban found no place in the table. */
  | { readonly type: 'bans-full'; readonly service: string; readonly unrecorded: number }
  /** Bans of before this start; `expired` are those that ended meanwhile. */
  | { readonly type: 'bans-restored'; readonly count: number; readonly expired: number }
  /** They could not be taken over: `prefixes` of `sources` are others, or there is no `room`. */
  | { readonly type: 'bans-left-out'; readonly count: number; readonly reason: 'prefixes' | 'room' }
  /** Parts of the state file are not as they were written; `restored` from another part. */
  | { readonly type: 'state-damaged'; readonly slots: readonly number[]; readonly restored: boolean }
  /** Told once for each trouble; `state-saved` is its end. */
  | {
      readonly type: 'state-failed';
      readonly action: 'read' | 'write' | 'sync';
      readonly code: string;
    }
  | { readonly type: 'state-saved' }
  /** The operator lets nobody in: from now on, or since before this start. */
  | { readonly type: 'disabled'; readonly service: string }
  | { readonly type: 'enabled'; readonly service: string }
  /** After a trouble, too: it is over. */
  | { readonly type: 'rpc-registered'; readonly service: string; readonly registration: RpcRegistration }
  /** Told once for each trouble; what could not be registered is tried again. */
  | {
      readonly type: 'rpc-failed';
      readonly service: string;
      readonly registration: RpcRegistration;
      readonly action: 'register' | 'unregister';
      readonly why: RpcTrouble['why'];
      readonly code: string | undefined;
    }
  | { readonly type: 'sandbox-lacks'; readonly feature: string; readonly consequence: string }
  | { readonly type: 'request-refused'; readonly request: string; readonly code: string }
  | {
      readonly type: 'reloaded';
      readonly services: number;
      readonly errors: number;
      readonly changes: ReloadChanges;
    }
  | { readonly type: 'reload-failed'; readonly failure: ReloadFailure }
  /** A newer version is about to take the place of this one. */
  | { readonly type: 'upgrading'; readonly running: number }
  | { readonly type: 'upgraded'; readonly version: string }
  | { readonly type: 'upgrade-failed'; readonly failure: UpgradeFailure }
  /** What the compiler says of a configuration that is to be reloaded, ahead of what becomes of it. */
  | { readonly type: 'diagnostic'; readonly finding: Finding }
  /** A log file or a log server could not be opened; told once for each trouble. */
  | { readonly type: 'log-failed'; readonly to: string; readonly code: string }
  /** The trouble is over; so many records were lost. */
  | { readonly type: 'log-resumed'; readonly to: string; readonly lost: number }
  /** There is no more use for it, and so many records had not gone out by then. */
  | { readonly type: 'log-ended'; readonly to: string; readonly lost: number }
  /** A log file is beyond a limit of its size: one record warns at `soft`, none is written at `hard`. */
  | {
      readonly type: 'log-limit';
      readonly to: string;
      readonly limit: 'soft' | 'hard';
      readonly bytes: number;
    }
  /** Somebody has asked for the state; one `service-state` for each service comes behind it. */
  | {
      readonly type: 'state';
      /** How many launch tables there have been. */
      readonly generation: number;
      readonly upMs: number;
      readonly services: number;
      readonly running: number;
      readonly starting: number;
      /** Of whom something is known. */
      readonly sources: number;
      readonly bans: number;
    }
  | { readonly type: 'service-state'; readonly service: string; readonly state: ServiceState }
  /** Somebody has told zinetd what to do, over the control socket; `outcome`: `done`, or why not. */
  | {
      readonly type: 'controlled';
      readonly method: string;
      /** What it was about, such as a service. */
      readonly subject: string | undefined;
      readonly uid: number;
      readonly outcome: string;
    }
  /** So many visitors of a control socket since the last time were let go; `uid` of the last of them. */
  | {
      readonly type: 'control-refused';
      readonly reason: ControlFault;
      readonly uid: number;
      readonly count: number;
    }
  | { readonly type: 'watch-failed'; readonly path: string; readonly code: string }
  | { readonly type: 'stopping'; readonly running: number }
  /** `running`: handlers that go on without zinetd. */
  | { readonly type: 'stopped'; readonly killed: number; readonly running: number }
  | { readonly type: 'spawner-gone' }
  /** The log itself lost records: its reader stalled or its disk was full. */
  | { readonly type: 'records-lost'; readonly count: number };

export type ZinetdEvent = ConnectionEvent | IdentEvent | RefusedMoreEvent | StderrEvent | DaemonEvent;
