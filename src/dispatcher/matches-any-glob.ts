import { basename } from 'node:path';
import { parseInclude } from '../config/include-pattern.ts';
import type { WatchedGlob } from '../model/file-signature.ts';

/** Whether a file of this name would be one of the configuration, in the directory of these. */
export function matchesAnyGlob(globs: readonly WatchedGlob[], name: string): boolean {
  return globs.some(({ pattern }) => {
    // The directory may have characters that mean something in a pattern of ours.
    const parsed = parseInclude(basename(pattern), '/');
    return parsed.kind === 'glob' && parsed.matches(name);
  });
}
