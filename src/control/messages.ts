/** What travels over the control socket. protocol.ts has the schema of each; docs/reference/control-protocol.md says it in words. */

/** What there is to say of a service in a word; the first that is true. */
export const SERVICE_STATES = ['disabled', 'draining', 'failed', 'suspended', 'paused', 'serving'] as const;
export type ServiceState = (typeof SERVICE_STATES)[number];

export interface ListenerStatus {
  /** As a configuration writes it, with the real port: `tcp://127.0.0.1:7000`. */
  readonly at: string;
  readonly state: 'open' | 'paused' | 'failed';
  /** Why it is not looked at. */
  readonly pauses: readonly string[];
  /** Symbolic errno of why it could not be opened. */
  readonly code?: string | undefined;
}

/** Since this dispatcher began. */
export interface CountsStatus {
  readonly started: number;
  readonly failed: number;
  readonly ended: number;
  readonly refused: number;
  /** By the word of the record, such as `address`. */
  readonly refusedFor: Readonly<Record<string, number>>;
}

export interface ServiceStatus {
  readonly name: string;
  readonly state: ServiceState;
  /** In words, where the state does not say it all: a limit, an errno, a pause. */
  readonly why?: string | undefined;
  /** Milliseconds from now until it changes by itself, where that is known. */
  readonly forMs?: number | undefined;
  readonly running: number;
  readonly starting: number;
  /** Null: no limit. */
  readonly instances: number | null;
  readonly counts: CountsStatus;
  readonly listeners: readonly ListenerStatus[];
  /** The directory of the cgroup that its handlers are in, if it has one. */
  readonly cgroup?: string | undefined;
}

export interface LastReload {
  readonly outcome: 'reloaded' | 'failed';
  /** Milliseconds since then. */
  readonly agoMs: number;
  readonly why?: string | undefined;
}

export interface Status {
  readonly version: string;
  /** Of the spawner: what a service manager knows zinetd by. */
  readonly pid: number;
  readonly dispatcherPid: number;
  readonly phase: 'serving' | 'draining' | 'stopping';
  /** How many launch tables there have been. */
  readonly generation: number;
  /** How often the dispatcher was started again. */
  readonly restarts: number;
  readonly upMs: number;
  readonly running: number;
  readonly starting: number;
  readonly sources: number;
  readonly bans: number;
  readonly lastReload?: LastReload | undefined;
  readonly services: readonly ServiceStatus[];
}

export interface ConnectionStatus {
  /** What `kill` takes. */
  readonly id: number;
  readonly service: string;
  /** Address and port, as in the log of its service. */
  readonly from: string;
  /** The proxy that it came through (PROXY protocol). */
  readonly via?: string | undefined;
  readonly pid?: number | undefined;
  readonly forMs: number;
  readonly state: 'starting' | 'running';
}

export interface BanStatus {
  /** An address, or a prefix such as `2001:db8::/64`. */
  readonly source: string;
  readonly reason: string;
  /** Null: for ever. */
  readonly forMs: number | null;
}

/** `swap`: it takes the address of one that goes. */
export type ListenerAction = 'keep' | 'update' | 'open' | 'swap' | 'close';

/** What a reload does, or would do. */
export interface ReloadPlan {
  readonly services: {
    readonly added: readonly string[];
    readonly removed: readonly string[];
    /** Of these something is other than before. */
    readonly changed: readonly string[];
    readonly unchanged: number;
  };
  readonly listeners: readonly {
    readonly action: ListenerAction;
    readonly service: string;
    readonly at: string;
  }[];
}

export interface ReloadResult {
  readonly outcome: 'reloaded' | 'planned' | 'failed';
  readonly plan?: ReloadPlan | undefined;
  /** In a sentence, for `failed`. */
  readonly why?: string | undefined;
  /** What `check` would print: errors, and warnings of a configuration that is good. */
  readonly diagnostics: string;
}

type None = Readonly<Record<string, never>>;

/** What each method takes and gives; `item`: those that go on send these before their result. */
export interface Methods {
  ping: {
    params: None;
    item: never;
    result: { readonly isReady: boolean; readonly why?: string | undefined };
  };
  status: { params: None; item: never; result: Status };
  connections: {
    params: { readonly service?: string | undefined };
    item: never;
    /** `more`: so many are left out. */
    result: { readonly connections: readonly ConnectionStatus[]; readonly more: number };
  };
  bans: { params: None; item: never; result: { readonly bans: readonly BanStatus[]; readonly more: number } };
  explain: {
    /** `from` and `to`: ADDR, ADDR:PORT, uid:1000 or cid:3. */
    params: { readonly service: string; readonly from: string; readonly to?: string | undefined };
    item: never;
    /** `text` and `json`: as `zinetd explain` prints it, without and with `--json`. */
    result: {
      readonly isAdmitted: boolean;
      readonly text: string;
      readonly json: Readonly<Record<string, unknown>>;
    };
  };
  logs: {
    params: { readonly service?: string | undefined; readonly format?: 'text' | 'json' | undefined };
    /** `lost`: so many records before it, since the client was slow. */
    item: { readonly line: string; readonly lost?: number | undefined };
    result: None;
  };
  reload: { params: { readonly isDry?: boolean | undefined }; item: never; result: ReloadResult };
  enable: { params: { readonly service: string }; item: never; result: { readonly was: ServiceState } };
  disable: {
    params: { readonly service: string };
    item: never;
    /** `running`: handlers that go on. */
    result: { readonly was: ServiceState; readonly running: number };
  };
  /** Admits nobody any more and waits for the handlers; at the deadline they are ended: TERM, then KILL. */
  drain: {
    params: { readonly service: string; readonly deadlineMs?: number | undefined };
    item: { readonly running: number };
    result: { readonly ended: number; readonly killed: number };
  };
  /** `source`: an address, banned as what counts as one source. `forMs`: without it, for ever. */
  ban: {
    params: { readonly source: string; readonly forMs?: number | undefined };
    item: never;
    result: { readonly source: string };
  };
  unban: {
    params: { readonly source: string } | { readonly isAll: true };
    item: never;
    result: { readonly lifted: number };
  };
  kill: {
    params: { readonly connection: number; readonly signal?: 'TERM' | 'KILL' | undefined };
    item: never;
    result: None;
  };
  stop: { params: None; item: never; result: None };
  /** The result comes before the old version leaves; then the connection ends. `from`: its version. */
  upgrade: { params: None; item: never; result: { readonly from: string } };
}

export type MethodName = keyof Methods;

export const ERROR_CODES = [
  /** Not a request of this protocol; the connection ends. */
  'protocol',
  'unknown-method',
  'invalid-params',
  /** This socket, or this peer, may only read. */
  'not-permitted',
  /** No such service, connection or ban. */
  'not-found',
  /** The daemon is busy with another one, or is stopping. */
  'busy',
  /** It was tried, and did not succeed. */
  'failed',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** A number of the client's own choice for each request; the answers have it, too. */
export interface Request {
  readonly zinetd: 1;
  readonly id: number;
  readonly method: string;
  readonly params?: Readonly<Record<string, unknown>> | undefined;
}

export type Reply =
  | { readonly zinetd: 1; readonly id: number; readonly result: unknown }
  | { readonly zinetd: 1; readonly id: number; readonly item: unknown }
  | {
      readonly zinetd: 1;
      /** Null: of something that is no request. */
      readonly id: number | null;
      readonly error: { readonly code: ErrorCode; readonly message: string };
    };
