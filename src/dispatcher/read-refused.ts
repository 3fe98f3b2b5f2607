import { NO_FINDINGS } from '../model/findings.ts';
import type { RefusedConfig } from '../model/refused-config.ts';
import type { Descriptor } from '../native/descriptor.ts';
import { readPacked } from './read-packed.ts';

const NOTHING: RefusedConfig = { findings: NO_FINDINGS, watched: [], globs: [] };

/** What the compiler says of a configuration that it refused; nothing where it came to grief, or there was no room for it. */
export function readRefused(descriptor: Descriptor | undefined): RefusedConfig {
  const [read] = descriptor ? readPacked(descriptor) : [];
  return read === undefined ? NOTHING : (read as RefusedConfig);
}
