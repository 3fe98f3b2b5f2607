/** Whom a rule of the server must turn away. */
export interface Refused {
  readonly net: string;
  /** Where rules may be that are not in the configuration. */
  readonly path: string;
}

/** What a server is to do with a connection, or with a datagram. */
export interface Target {
  readonly port: number;
  /** The program that it starts for each, unless one of the next two says otherwise. */
  readonly handler: string;
  /** The built-in service that it is. */
  readonly builtin?: 'echo' | undefined;
  /** The port of loopback that it leads connections to. */
  readonly relayedTo?: number | undefined;
  /** The handler gets the socket of a datagram service, and nobody else does until it is gone. */
  readonly datagrams?: boolean | undefined;
  /** Of the handler; undefined: the caller. */
  readonly user: { readonly name: string; readonly uid: number; readonly gid: number } | undefined;
  /** Where its configuration is. */
  readonly file: string;
  /** Where its log goes, for those that open it themselves. */
  readonly log: string;
  /** `default`: those that it has when nobody writes any. */
  readonly limits: 'lifted' | 'default';
  readonly refused: Refused | undefined;
  /** For zinetd alone: lines of the service, and how many other services there are. */
  readonly attributes?: readonly string[] | undefined;
  readonly others?: number | undefined;
}

export interface Program {
  readonly program: string;
  readonly version: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** How it turns a client away. */
export interface Refusing {
  /** What a refusal costs it, by strace. */
  readonly does: string;
  /** How many refusals a log tells of. */
  readonly logged?: (log: string) => number;
  /** It takes so long that it is measured once only, like this. */
  readonly slow?: { readonly seconds: number; readonly timeoutMs: number };
}

export interface Server {
  readonly name: string;
  /** The server that it is, set up otherwise; it comes with that one. */
  readonly variantOf?: string;
  /** How it logs each connection. */
  readonly log: string;
  readonly fetch: (where: { directory: string; signal: AbortSignal }) => Promise<Program>;
  /** What must be there before it starts, besides its configuration. */
  readonly prepare?: (program: string, target: Target) => Promise<void>;
  readonly configuration?: (target: Target) => string;
  readonly argv: (program: string, target: Target) => [string, ...string[]];
  readonly refusing?: Refusing;
}
