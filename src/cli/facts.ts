import type { RlimitName } from '../model/rlimit.ts';
import type { SourceNames } from './format-options.ts';

/** Where the control socket is by default, and whether somebody has asked for that very place. */
export interface ControlPlace {
  readonly path: string;
  readonly required: boolean;
}

/** What `run` and `serve` know and the compiler must: written once, the same at every reload. */
export interface CompilerFacts {
  readonly source: SourceNames | { readonly name: string; readonly text: string };
  readonly ownerUid: number;
  readonly dispatcherUid: number | undefined;
  readonly resolverUid: number | undefined;
  /** Null for no limit, since this travels as JSON. */
  readonly hardLimits: Readonly<Partial<Record<RlimitName, number | null>>>;
  readonly environment: Readonly<Record<string, string>>;
  readonly control: ControlPlace | undefined;
}

/** That part of it which is the machine's. */
export type MachineFacts = Omit<CompilerFacts, 'source' | 'control'>;
