import {
  type ClientIdent,
  MOST_IDENT_CHARACTERS,
  UNIDENTIFIED_REASONS,
  type UnidentifiedReason,
} from '../model/client-ident.ts';
import { decodeEnd, type End } from './decode-end.ts';
import { type Fields, isFields, isOneOf, isText } from './fields.ts';

/** Asks who a client is. */
export interface IdentQuestion {
  readonly kind: 'ident';
  readonly local: End;
  readonly peer: End;
}

const REASONS = Object.keys(UNIDENTIFIED_REASONS) as UnidentifiedReason[];

export function decodeIdentQuestion(fields: Fields): IdentQuestion | undefined {
  const local = decodeEnd(fields['local']);
  const peer = decodeEnd(fields['peer']);
  return fields['kind'] === 'ident' && local && peer ? { kind: 'ident', local, peer } : undefined;
}

function isShort(value: unknown): value is string {
  return isText(value) && value.length <= MOST_IDENT_CHARACTERS;
}

/** What strangers wrote, in a length that a record has room for. */
export function decodeIdent(value: unknown): ClientIdent | undefined {
  if (!isFields(value)) return undefined;
  const { kind, why, system, user } = value;
  if (kind === 'unknown' && isOneOf(why, REASONS)) return { kind, why };
  return kind === 'user' && isShort(system) && isShort(user) ? { kind, system, user } : undefined;
}
