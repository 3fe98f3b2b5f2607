import type { Request } from '../../control/messages.ts';
import { METHODS } from '../../control/protocol.ts';
import type { CallOutcome } from '../../control/session.ts';
import type { ControlParts } from './control-parts.ts';

/** What a request is about. An address is not told where records of any service have none. */
function subjectOf({ floor }: Pick<ControlParts, 'floor'>, { params = {} }: Request): string | undefined {
  const { service, source, connection } = params;
  if (typeof service === 'string') return service;
  if (typeof connection === 'number') return String(connection);
  const isTold = floor().rules.policy.services.every(({ log }) => log.address.kind === 'keep');
  return typeof source === 'string' && isTold ? source : undefined;
}

/** The log has everybody who told zinetd what to do, and what became of it. */
export function tellControlled(
  parts: Pick<ControlParts, 'bus' | 'floor'>,
  options: { readonly uid: number; readonly request: Request; readonly outcome: CallOutcome },
): void {
  const { uid, request, outcome } = options;
  const { method } = request;
  const row = Object.entries(METHODS).find(([name]) => name === method)?.[1];
  if (row?.access !== 'admin') return;
  parts.bus.emit({ type: 'controlled', method, subject: subjectOf(parts, request), uid, outcome });
}
