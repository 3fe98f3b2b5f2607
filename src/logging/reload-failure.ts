import type { ReloadFailure } from '../events/event.ts';
import { assertNever } from '../model/assert-never.ts';
import { countOf } from '../model/count-of.ts';
import { describeListen } from '../model/listen-address.ts';

type ListenFailure = Extract<ReloadFailure, { readonly reason: 'listen' }>;

function whyNotOpen({ code, isOurs }: ListenFailure): string {
  if (code !== 'EADDRINUSE') return code;
  return isOurs
    ? 'it is that of a listener that goes, and cannot be taken over while zinetd runs: restart it (EADDRINUSE)'
    : 'another program has that address (EADDRINUSE)';
}

function invalid(errors: number): string {
  if (errors === 0) return 'the compiler failed, standard error has the reasons';
  return `the new one has ${countOf(errors, 'error')}`;
}

/** Why the running configuration stays, as the end of a sentence. */
export function describeReloadFailure(failure: ReloadFailure): string {
  switch (failure.reason) {
    case 'invalid':
      return invalid(failure.errors);
    case 'restart-needed':
      return `restart zinetd to apply what is read at a start only (${failure.settings.join(', ')})`;
    case 'listen':
      return `${failure.service} cannot listen on ${describeListen(failure.local)}: ${whyNotOpen(failure)}`;
    case 'time':
      return 'compiling took more time or memory than allowed';
    case 'system':
      return `the machine refused (${failure.code})`;
    default:
      return assertNever(failure);
  }
}
