import type { RlimitName } from '../model/rlimit.ts';

/** A number, a quantity with its unit, or `unlimited`. */
export type LimitText = number | string;

export interface LimitPair {
  readonly soft: LimitText;
  readonly hard: LimitText;
}

export type LimitDocument = LimitText | LimitPair;

/** A user or a group: a name or a plain decimal id. */
export type Principal = string | number;

/** A service as written; docs/configuration.md says what each attribute means. */
export interface ServiceDocument {
  readonly listen: string | readonly string[];
  readonly mode: string;
  readonly wait: boolean;
  readonly enabled: boolean;
  readonly user: Principal;
  readonly group: Principal;
  readonly groups: boolean | readonly Principal[];
  readonly umask: string;
  readonly nice: number;
  readonly cwd: string;
  readonly server: string;
  readonly server_args: readonly string[];
  readonly argv0: string;
  readonly env: Readonly<Record<string, string>>;
  readonly pass_env: readonly string[];
  readonly rlimits: Readonly<Partial<Record<RlimitName, LimitDocument>>>;
  readonly instances: number | string;
  readonly backlog: number;
  readonly v6only: boolean;
}

export type AttributeName = keyof ServiceDocument;
