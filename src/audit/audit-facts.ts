import type { LayeredService } from '../config/layer.ts';
import type { ResolvedService } from '../config/resolve.ts';
import { startsHandler } from '../config/starts-handler.ts';
import type { HandlerFilter } from '../model/handler-filter.ts';
import { isLoopback } from '../model/is-loopback.ts';
import type { Listener, Program } from '../model/service.ts';

/** What an audit looks at; all of it follows from the configuration. */
export interface AuditFacts {
  readonly layered: LayeredService;
  readonly program: Program;
  readonly filter: HandlerFilter | undefined;
  readonly isRoot: boolean;
  /** The other services whose handlers run as the same user. */
  readonly sharers: readonly string[];
  /** Whether a listener can be reached from another machine. */
  readonly isOpen: boolean;
}

function isLocal({ address, inherited }: Listener): boolean {
  if (inherited) return false;
  return address.family === 'path' || (address.family !== 'vsock' && isLoopback(address.bytes));
}

function isSameUser(program: Program, other: ResolvedService): boolean {
  return other.service.programs.some(({ identity }) => identity?.uid === program.identity?.uid);
}

/** Undefined for a service without a handler of its own: zinetd gives it itself, in its own sandbox. */
export function auditFacts(
  { service, settings }: ResolvedService,
  all: readonly ResolvedService[],
): AuditFacts | undefined {
  const [program] = service.programs;
  if (!program || !startsHandler(settings)) return undefined;
  const sharers = all.filter((other) => other.service !== service && isSameUser(program, other));
  return {
    layered: settings,
    program,
    filter: program.sandbox?.filter,
    isRoot: program.identity?.uid === 0,
    sharers: sharers.map((other) => other.service.name),
    // Who is chosen by name is as open as whoever listens for that, which is as a rule everybody.
    isOpen: service.mux.length > 0 || (service.sni?.length ?? 0) > 0 || !service.listeners.every(isLocal),
  };
}
