import type { ClientIdent } from '../model/client-ident.ts';
import {
  type Decision,
  type DecisionSubject,
  MOST_REASON_CHARACTERS,
  UNDECIDED_REASONS,
} from '../model/decision.ts';
import { type HostName, looksLikeAddress, parseHostName, UNKNOWN_REASONS } from '../model/host-name.ts';
import type { Owner } from '../model/owner.ts';
import type { RpcRegistration, RpcState } from '../model/rpc.ts';
import { decodeIdent, decodeIdentQuestion, type IdentQuestion } from './decode-ident.ts';
import { decodeOwner, decodeOwnerQuestion, type OwnerQuestion } from './decode-owner.ts';
import { type Fields, isCount, isFields, isOneOf, isText } from './fields.ts';
import { PACKET_BYTES } from './packet-link.ts';
import { decodeRegistration } from './rpc/decode-registration.ts';
import { decodeRpcState } from './rpc/decode-rpc-state.ts';

/** Both ends are of one release, unless an upgrade replaced the code in between. */
const VERSION = 1;

/** What the dispatcher asks: the name of an address, a decision of whoever listens at `path`, an owner, or who a client is. */
export type Question =
  | OwnerQuestion
  | IdentQuestion
  | { readonly kind: 'name'; readonly address: string }
  | { readonly kind: 'decide'; readonly path: string; readonly subject: DecisionSubject };

/** What rpcbind is to hold from now on, and what no longer: `id` is that of the registration both times. */
export type RpcRequest =
  | { readonly id: number; readonly kind: 'register'; readonly registration: RpcRegistration }
  | { readonly id: number; readonly kind: 'unregister' };

/** `deadlineMs`: after how long nobody waits for the answer any more. */
export type Request = ({ readonly id: number; readonly deadlineMs: number } & Question) | RpcRequest;

/** One for each question; for a registration, whenever something becomes of it. */
export type Answer =
  | { readonly id: number; readonly kind: 'name'; readonly name: HostName }
  | { readonly id: number; readonly kind: 'decide'; readonly decision: Decision }
  | { readonly id: number; readonly kind: 'owner'; readonly owner: Owner }
  | { readonly id: number; readonly kind: 'ident'; readonly ident: ClientIdent }
  | { readonly id: number; readonly kind: 'rpc'; readonly state: RpcState };

/** Undefined when it is too long for a packet. */
function encode(message: Request | Answer): Uint8Array | undefined {
  const bytes = new TextEncoder().encode(JSON.stringify({ version: VERSION, ...message }));
  return bytes.length < PACKET_BYTES ? bytes : undefined;
}

export function encodeRequest(request: Request): Uint8Array | undefined {
  return encode(request);
}

export function encodeAnswer(answer: Answer): Uint8Array | undefined {
  return encode(answer);
}

function decode(packet: Uint8Array): Fields | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(packet));
    return isFields(value) && value['version'] === VERSION ? value : undefined;
  } catch {
    return undefined;
  }
}

function decodeSubject(value: unknown): DecisionSubject | undefined {
  if (!isFields(value)) return undefined;
  const { service, address, port, local } = value;
  if (!isText(service) || !isText(address) || !isCount(port) || !isText(local)) return undefined;
  return { service, address, port, local };
}

function decodeQuestion(fields: Fields): Question | undefined {
  const { kind, address, path } = fields;
  if (kind === 'name' && isText(address)) return { kind, address };
  const subject = decodeSubject(fields['subject']);
  if (kind === 'decide' && isText(path) && subject) return { kind, path, subject };
  return decodeOwnerQuestion(fields) ?? decodeIdentQuestion(fields);
}

function decodeRpcRequest(fields: Fields, id: number): RpcRequest | undefined {
  const { kind } = fields;
  if (kind === 'unregister') return { id, kind };
  const registration = decodeRegistration(fields['registration']);
  return kind === 'register' && registration ? { id, kind, registration } : undefined;
}

/** The packet of a dispatcher; undefined for what is none. */
export function decodeRequest(packet: Uint8Array): Request | undefined {
  const fields = decode(packet);
  if (!fields) return undefined;
  const { id, deadlineMs } = fields;
  if (!isCount(id)) return undefined;
  const question = decodeQuestion(fields);
  if (!question) return decodeRpcRequest(fields, id);
  return isCount(deadlineMs) ? { id, deadlineMs, ...question } : undefined;
}

/** The resolver reads what strangers wrote: its word that something is a name is not enough (S30, S43). */
function decodeName(value: unknown): HostName | undefined {
  if (!isFields(value)) return undefined;
  const { kind, name, why } = value;
  if (kind === 'unknown' && isOneOf(why, UNKNOWN_REASONS)) return { kind, why };
  if (!isOneOf(kind, ['known', 'paranoid']) || !isText(name) || parseHostName(name) !== name)
    return undefined;
  return kind === 'known' && looksLikeAddress(name) ? undefined : { kind, name };
}

function decodeDecision(value: unknown): Decision | undefined {
  if (!isFields(value)) return undefined;
  const { kind, reason, why } = value;
  if (kind === 'undecided' && isOneOf(why, UNDECIDED_REASONS)) return { kind, why };
  if (!isOneOf(kind, ['allowed', 'denied'])) return undefined;
  if (reason === undefined) return { kind, reason };
  return isText(reason) && reason.length <= MOST_REASON_CHARACTERS ? { kind, reason } : undefined;
}

/** The packet of a resolver; undefined for what is none. */
export function decodeAnswer(packet: Uint8Array): Answer | undefined {
  const fields = decode(packet);
  const id = fields?.['id'];
  if (!fields || !isCount(id)) return undefined;
  const name = decodeName(fields['name']);
  if (fields['kind'] === 'name' && name) return { id, kind: 'name', name };
  const decision = decodeDecision(fields['decision']);
  if (fields['kind'] === 'decide' && decision) return { id, kind: 'decide', decision };
  const owner = decodeOwner(fields['owner']);
  if (fields['kind'] === 'owner' && owner) return { id, kind: 'owner', owner };
  const ident = decodeIdent(fields['ident']);
  if (fields['kind'] === 'ident' && ident) return { id, kind: 'ident', ident };
  const state = decodeRpcState(fields['state']);
  return fields['kind'] === 'rpc' && state ? { id, kind: 'rpc', state } : undefined;
}
