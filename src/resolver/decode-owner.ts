import { isOwnerName, type Owner } from '../model/owner.ts';
import { decodeEnd, type End } from './decode-end.ts';
import { type Fields, isFields, isOneOf, isText } from './fields.ts';

/** Asks whose a connection is. */
export interface OwnerQuestion {
  readonly kind: 'owner';
  readonly local: End;
  readonly peer: End;
  readonly isNumeric: boolean;
  readonly noident: boolean;
}

export function decodeOwnerQuestion(fields: Fields): OwnerQuestion | undefined {
  const { kind, isNumeric, noident } = fields;
  const local = decodeEnd(fields['local']);
  const peer = decodeEnd(fields['peer']);
  if (kind !== 'owner' || !local || !peer) return undefined;
  if (typeof isNumeric !== 'boolean' || typeof noident !== 'boolean') return undefined;
  return { kind, local, peer, isNumeric, noident };
}

/** What the resolver says goes to a client as it is: it must be a name. */
export function decodeOwner(value: unknown): Owner | undefined {
  if (!isFields(value)) return undefined;
  const { kind, name } = value;
  if (isOneOf(kind, ['none', 'hidden', 'failed'])) return { kind };
  return kind === 'user' && isText(name) && isOwnerName(name) ? { kind, name } : undefined;
}
