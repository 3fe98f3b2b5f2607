import type { Architecture } from '../../model/architecture.ts';
import { assemble } from './assemble.ts';
import { DISPATCHER_RULES } from './dispatcher-rules.ts';

/** The seccomp program that the spawner installs before it executes the dispatcher. */
export function dispatcherFilter(architecture: Architecture): Uint8Array {
  return assemble(DISPATCHER_RULES, { architecture });
}
