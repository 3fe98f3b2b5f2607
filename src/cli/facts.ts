import type { Capability } from '../model/capability.ts';
import type { KernelFacts } from '../model/kernel-facts.ts';
import type { RlimitName } from '../model/rlimit.ts';
import type { CgroupFacts } from './cgroup-facts.ts';
import type { SourceNames } from './format-options.ts';
import type { ServiceManager } from './service-manager.ts';

/** Where the control socket is by default, and whether somebody has asked for that very place. */
export interface ControlPlace {
  readonly path: string;
  readonly required: boolean;
}

/** What the kernel says of a socket that zinetd was started with, or why it says nothing. */
export interface SocketFacts {
  readonly number: number;
  readonly name: string;
  readonly state:
    | { readonly code: string }
    | {
        readonly domain: number;
        readonly type: number;
        readonly protocol: number;
        readonly listens: boolean;
        /** The bytes of a struct sockaddr. */
        readonly address: readonly number[];
      };
}

/** What `run` and `serve` were told, and have looked at: an upgrade does not ask again. */
export interface DaemonFacts {
  readonly logFormat: 'text' | 'json';
  readonly graceMs: number;
  /** The file that the dispatcher keeps its state in. */
  readonly state: string | undefined;
  readonly manager: ServiceManager | undefined;
  readonly pidFile: string | undefined;
  /** The path of the spawner. */
  readonly spawner: string;
}

/** What `run` and `serve` know and the compiler must: written once, the same at every reload. */
export interface CompilerFacts {
  readonly source: SourceNames;
  readonly ownerUid: number;
  /** Root without the capabilities to become somebody else. */
  readonly isPowerless: boolean;
  /** The effective ones of the one who starts zinetd. */
  readonly capabilities: readonly Capability[];
  readonly kernel: KernelFacts;
  readonly dispatcherUid: number | undefined;
  readonly resolverUid: number | undefined;
  /** Null for no limit, since this travels as JSON. */
  readonly hardLimits: Readonly<Partial<Record<RlimitName, number | null>>>;
  readonly environment: Readonly<Record<string, string>>;
  readonly cgroups: CgroupFacts | undefined;
  readonly control: ControlPlace | undefined;
  readonly sockets: readonly SocketFacts[];
  /** Of the digests in policies, which compilers make and the dispatcher compares. */
  readonly digestKey: string;
  readonly daemon: DaemonFacts;
}

/** That part of it which is the machine's. */
export type MachineFacts = Omit<CompilerFacts, 'source' | 'control' | 'digestKey' | 'sockets' | 'daemon'>;
