import type { TlsClient, TlsPolicy } from './tls-policy.ts';

export type TlsDemands = Pick<TlsPolicy, 'client' | 'clientCa' | 'minVersion'>;

const STRICTNESS: Readonly<Record<TlsClient, number>> = { none: 0, optional: 1, required: 2 };

/** Which demand of a service a handshake by those of another has not made; undefined: whoever is through has met all of them. */
export function missedDemand(
  asked: TlsDemands,
  wanted: TlsDemands,
): 'client' | 'client_ca' | 'min_version' | undefined {
  if (STRICTNESS[asked.client] < STRICTNESS[wanted.client]) return 'client';
  if (wanted.client !== 'none' && asked.clientCa !== wanted.clientCa) return 'client_ca';
  return Number(asked.minVersion) < Number(wanted.minVersion) ? 'min_version' : undefined;
}
