import type { PeerEnvSet } from '../model/peer-env.ts';
import { PEER_NAMES, type PeerName, peerNamesOf } from '../model/peer-names.ts';
import type { Client, ClientTls } from './client.ts';
import { hasAddress, isKnown, isTold } from './known-peer.ts';
import { type Protocol, protocolOf, type Tell, UCSPI_ROWS } from './tell-ucspi.ts';
import type { ValueWriter } from './value-writer.ts';

/** What xinetd writes where there is one handler for all who come. */
const NO_ADDRESS = '<no address>';

const PROTOCOLS: readonly Protocol[] = ['TCP', 'TCP6', 'UDP', 'UNIX', 'none'];

/** Of a connection that came by TLS, under a name of s6-networking. */
function tellTls(textOf: (tls: ClientTls) => string | undefined): Tell {
  return ({ tls }, value) => {
    const text = tls && textOf(tls);
    return text !== undefined && value.text(text);
  };
}

/** What is told to whomever it is asked of; the name of the service is no value of one client's: the configuration has it. */
const ANYBODYS: { readonly [Name in PeerName]?: Tell } = {
  REMOTE_HOST: ({ peer, local }, value) =>
    hasAddress(local) && (isKnown(peer) ? value.address(peer, 'peer') : value.text(NO_ADDRESS)),
  REMOTE_ADDR: (client, value) => isTold(client) && value.address(client.peer, 'peer'),
  REMOTE_PORT: (client, value) => isTold(client) && value.decimal(client.peer.port),
  ZINETD_CONNECTION_ID: ({ id }, value) => id !== undefined && value.decimal(id),
  SSL_PROTOCOL: tellTls(({ protocol }) => protocol),
  SSL_CIPHER: tellTls(({ cipher }) => cipher),
  SSL_TLS_SNI_SERVERNAME: tellTls(({ serverName }) => serverName),
  SSL_PEER_CERT_HASH: tellTls(({ certificateHash }) => certificateHash),
  SSL_PEER_CERT_SUBJECT: tellTls(({ certificateSubject }) => certificateSubject),
};

/** Undefined: nothing is told under that name to whoever speaks the protocol. */
function tellerOf(name: PeerName, protocol: Protocol): Tell | undefined {
  if (name === 'PROTO') return protocol === 'none' ? undefined : (_, value) => value.text(protocol);
  const ucspi = UCSPI_ROWS[name];
  if (ucspi) return ucspi.of.includes(protocol) ? ucspi.tell : undefined;
  return ANYBODYS[name];
}

interface Row {
  readonly number: number;
  readonly tell: Tell;
}

function rowsFor(protocol: Protocol, names: readonly PeerName[]): readonly Row[] {
  return PEER_NAMES.flatMap((name, number) => {
    const tell = names.includes(name) ? tellerOf(name, protocol) : undefined;
    return tell ? [{ number, tell }] : [];
  });
}

/**
 * What handlers of a service are told of their clients, by ascending numbers, made once for all of them. What is not known
 * is not there; nor is what a client has made up that is longer, or of other bytes, than anything that is to be told.
 */
export class EnvironmentPlan {
  readonly #rows: Readonly<Record<Protocol, readonly Row[]>>;
  /** Whether there is anything to tell: as a rule there is not, and nothing is worked out for it. */
  readonly tellsAnything: boolean;
  /** Whether it is told what only the kernel knows of a connection. */
  readonly tellsUcspi: boolean;

  constructor(sets: readonly PeerEnvSet[]) {
    const names = peerNamesOf(sets);
    const rows = PROTOCOLS.map((protocol) => [protocol, rowsFor(protocol, names)] as const);
    this.#rows = Object.fromEntries(rows) as Record<Protocol, readonly Row[]>;
    this.tellsAnything = sets.length > 0;
    this.tellsUcspi = sets.includes('ucspi');
  }

  write(client: Client, value: ValueWriter): void {
    for (const { number, tell } of this.#rows[protocolOf(client)]) {
      value.begin(number);
      if (tell(client, value)) value.end();
      else value.drop();
    }
  }
}

/** A client, and what its handler is told of it, in whatever form. */
export interface Told {
  readonly client: Client;
  readonly plan: EnvironmentPlan;
}
