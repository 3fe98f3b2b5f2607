import type { Endpoint } from '../model/address.ts';
import { isNobody } from '../model/nobody.ts';
import type { PeerEnvSet } from '../model/peer-env.ts';
import { PEER_NAMES } from '../model/peer-names.ts';
import { addressOf } from './address-of.ts';
import type { Client } from './client.ts';
import { type Known, tellUcspi, type Values } from './tell-ucspi.ts';

/** A name by its number, and what it says. */
export type PeerValue = readonly [number: number, text: string];

/** What xinetd writes where there is one handler for all who come. */
const NO_ADDRESS = '<no address>';

/** What the spawner takes for a value. */
const TELLABLE = /^[ -~]{0,255}$/;

function hasAddress({ family }: Endpoint): boolean {
  return family === 4 || family === 6;
}

function tellXinetd(values: Values, { address, local }: Known): void {
  if (hasAddress(local)) values.REMOTE_HOST = address ?? NO_ADDRESS;
}

function tellCgi(values: Values, { address, peer, isWaiting }: Known): void {
  if (isWaiting || address === undefined) return;
  values.REMOTE_ADDR = address;
  values.REMOTE_PORT = String(peer.port);
}

/** The name of the service is no value of one client's: the configuration has it. */
function tellZinetd(values: Values, { id }: Known): void {
  if (id !== undefined) values.ZINETD_CONNECTION_ID = String(id);
}

/** Under the names of s6-networking. */
function tellTls(values: Values, { tls }: Known): void {
  if (!tls) return;
  const { serverName, certificateHash, certificateSubject } = tls;
  values.SSL_PROTOCOL = tls.protocol;
  values.SSL_CIPHER = tls.cipher;
  if (serverName !== undefined) values.SSL_TLS_SNI_SERVERNAME = serverName;
  if (certificateHash !== undefined) values.SSL_PEER_CERT_HASH = certificateHash;
  if (certificateSubject !== undefined) values.SSL_PEER_CERT_SUBJECT = certificateSubject;
}

const TELL: Readonly<Record<PeerEnvSet, (values: Values, client: Known) => void>> = {
  xinetd: tellXinetd,
  ucspi: tellUcspi,
  cgi: tellCgi,
  zinetd: tellZinetd,
  tls: tellTls,
};

/** Whether a handler can be told that: the spawner takes nothing else. */
export function isTellable(text: string): boolean {
  return TELLABLE.test(text);
}

/** What there is to say of a client. */
export function valuesOf(client: Client, sets: readonly PeerEnvSet[]): Values {
  const { peer } = client;
  const address = hasAddress(peer) && !isNobody(peer) ? addressOf(peer) : undefined;
  const known = { ...client, address };
  const values: Values = {};
  for (const set of sets) TELL[set](values, known);
  return values;
}

/**
 * What a handler is told of its client, by ascending numbers. What is not known is not there; nor is what a client has
 * made up that is longer, or of other bytes, than anything that is to be told: a part of it would be a lie (S30).
 */
export function planEnvironment(client: Client, sets: readonly PeerEnvSet[]): readonly PeerValue[] {
  // As a rule it is told nothing, and nothing is worked out for it.
  if (sets.length === 0) return [];
  const values = valuesOf(client, sets);
  const planned: PeerValue[] = [];
  for (let number = 0; number < PEER_NAMES.length; number++) {
    const name = PEER_NAMES[number];
    const text = name && values[name];
    if (text !== undefined && isTellable(text)) planned.push([number, text]);
  }
  return planned;
}
