import { UNIDENTIFIED_REASONS } from '../../model/client-ident.ts';
import type { Answer, Check } from '../check.ts';

/** IDONLY of xinetd.conf(5): the client's host has to say who the client is, whoever that may be. */
export const idOnlyCheck: Check = {
  name: 'id_only',
  reason: 'unidentified',
  applies: ({ policy }) => policy.isIdOnly,
  check: ({ facts: { ident } }): Answer => {
    if (ident.kind === 'pending') return { need: 'ident' };
    if (ident.kind === 'user') return { outcome: { check: 'id_only', passed: true } };
    return { outcome: { check: 'id_only', passed: false, note: UNIDENTIFIED_REASONS[ident.why] } };
  },
};
