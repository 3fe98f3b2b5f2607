import type { RlimitName } from '../model/rlimit.ts';
import type { SourceNames } from './format-options.ts';

/** What `run` and `serve` know and the compiler must: written once, the same at every reload. */
export interface CompilerFacts {
  readonly source: SourceNames | { readonly name: string; readonly text: string };
  readonly ownerUid: number;
  readonly dispatcherUid: number | undefined;
  readonly resolverUid: number | undefined;
  /** Null for no limit, since this travels as JSON. */
  readonly hardLimits: Readonly<Partial<Record<RlimitName, number | null>>>;
  readonly environment: Readonly<Record<string, string>>;
}
