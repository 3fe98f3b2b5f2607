import type { ClientCertificate } from '../model/client-certificate.ts';
import type { ClientIdent } from '../model/client-ident.ts';
import type { Decision } from '../model/decision.ts';
import type { HostName } from '../model/host-name.ts';

/** The name of the peer, as far as it is known. */
export type NameFact = { readonly kind: 'pending' } | HostName;

/** Who the client is, as its host says. */
export type IdentFact = { readonly kind: 'pending' } | ClientIdent;

/** What was decided elsewhere. */
export type DecisionFact = { readonly kind: 'pending' } | Decision;

/** What was shown in the handshake: `unseen` ahead of it, where nobody waits for that. */
export type CertificateFact = { readonly kind: 'pending' | 'unseen' } | ClientCertificate;

export interface BanFact {
  /** Until when, from now; Infinity for ever. */
  readonly remainingMs: number;
  /** Why, in a word. */
  readonly reason: string;
}

/** What the checks decide by, as of one moment. */
export interface Facts {
  /** Monotonic. */
  readonly nowMs: number;
  /** Since the epoch: for windows of time only. */
  readonly wallMs: number;
  /** Load average of the last minute. */
  readonly load: number;
  /** In [0, 1), drawn for this connection. */
  readonly roll: number;
  /** Whether the operator lets anybody in at all. */
  readonly isEnabled: boolean;
  readonly ban: BanFact | undefined;
  readonly name: NameFact;
  readonly ident: IdentFact;
  readonly decision: DecisionFact;
  readonly certificate: CertificateFact;
  /** Theoretical arrival time of the source at this service (GCRA); anything up to now is a fresh one. */
  readonly sourceArrival: number;
  /** Handlers for this source that run or are being launched. */
  readonly sourceRunning: number;
  /** The same of all services. */
  readonly sourceProcesses: number;
  /** Of all sources. */
  readonly serviceArrival: number;
  /** Handlers of the service that run or are being launched. */
  readonly running: number;
  /** The same of all services. */
  readonly processes: number;
}
