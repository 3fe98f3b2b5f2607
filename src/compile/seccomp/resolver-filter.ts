import type { Architecture } from '../../model/architecture.ts';
import { assemble } from './assemble.ts';
import { RESOLVER_RULES } from './resolver-rules.ts';

/** The seccomp program that the spawner installs before it executes the resolver. */
export function resolverFilter(architecture: Architecture): Uint8Array {
  return assemble(RESOLVER_RULES, { architecture });
}
