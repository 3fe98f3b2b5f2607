import type { Architecture } from '../../model/architecture.ts';
import type { HandlerFilter } from '../../model/handler-filter.ts';
import { assemble } from './assemble.ts';
import { handlerRules } from './handler-rules.ts';

/** The seccomp program that the spawner's child installs as the last thing before it executes the handler. */
export function handlerFilter(wanted: HandlerFilter, architecture: Architecture): Uint8Array {
  return assemble(handlerRules(wanted), { architecture, unruled: wanted.nameless });
}
