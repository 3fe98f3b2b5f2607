import type { WatchedFile, WatchedGlob } from './file-signature.ts';
import type { Findings } from './findings.ts';

/** What the compiler leaves in the place of a policy, of a configuration that it refuses. */
export interface RefusedConfig {
  readonly findings: Findings;
  /** What it had read by then: mended, it is worth another try. */
  readonly watched: readonly WatchedFile[];
  readonly globs: readonly WatchedGlob[];
}
