import type { IdentPolicy } from '../model/builtin.ts';
import type { Owner } from '../model/owner.ts';
import type { IdentQuery } from './ident-query.ts';

type IdentError = 'INVALID-PORT' | 'NO-USER' | 'HIDDEN-USER' | 'UNKNOWN-ERROR';

const ERRORS: Readonly<Record<Exclude<Owner['kind'], 'user'>, IdentError>> = {
  none: 'NO-USER',
  hidden: 'HIDDEN-USER',
  failed: 'UNKNOWN-ERROR',
};

/** What is said of an owner; a fallback is for those who cannot be found, not for those who hide. */
function outcomeOf(
  owner: Owner,
  { fallback }: IdentPolicy,
): { readonly user: string } | { readonly error: IdentError } {
  if (owner.kind === 'user') return { user: owner.name };
  if (fallback !== undefined && owner.kind !== 'hidden') return { user: fallback };
  return { error: ERRORS[owner.kind] };
}

/** The line that answers a query, as RFC 1413 has it; no query: the client has asked for nothing that there is. */
export function identReply(
  policy: IdentPolicy,
  { query, owner }: { readonly query: IdentQuery | undefined; readonly owner: Owner },
): string {
  if (!query) return '0 , 0 : ERROR : INVALID-PORT\r\n';
  const pair = `${query.localPort} , ${query.peerPort}`;
  const outcome = outcomeOf(owner, policy);
  if ('error' in outcome) return `${pair} : ERROR : ${outcome.error}\r\n`;
  return `${pair} : USERID : ${policy.os} : ${outcome.user}\r\n`;
}
