import type { CertificateFact, DecisionFact, IdentFact, NameFact } from '../admission/facts.ts';
import { addressKey, type Endpoint } from '../model/address.ts';
import { assertNever } from '../model/assert-never.ts';
import type { Connection } from '../model/connection.ts';
import { isLocalPeer } from '../model/local-peer.ts';
import type { Refusal, Verdict } from '../model/verdict.ts';
import type { Descriptor } from '../native/descriptor.ts';
import type { TlsFacts } from '../relay/tls-facts.ts';
import { decide } from './decide.ts';
import { type Floor, policyOf } from './floor.ts';
import type { Guest } from './guest.ts';

export type Admission = Extract<Verdict, { kind: 'admitted' }>;

/** What follows from a verdict; exactly one of them is called, once. */
export interface Outcomes {
  readonly admitted: (guest: Guest, admission: Admission) => void;
  readonly refused: (guest: Guest, refusal: Refusal) => void;
}

const NAME_PENDING: NameFact = { kind: 'pending' };
/** Nobody looks for a name of somebody without an IP address. */
const NO_NAME: NameFact = { kind: 'unknown', why: 'none' };
const IDENT_PENDING: IdentFact = { kind: 'pending' };
const CERTIFICATE_UNSEEN: CertificateFact = { kind: 'unseen' };
const DECISION_PENDING: DecisionFact = { kind: 'pending' };

/** Somebody of whom nothing was asked yet. `local` is where they came in. */
export function guestOf(
  floor: Floor,
  arrival: {
    readonly connection: Connection;
    readonly local: Endpoint;
    readonly descriptor: Descriptor | undefined;
    readonly tls?: Pick<TlsFacts, 'certificate'> | undefined;
  },
): Guest {
  const { connection, local, descriptor, tls } = arrival;
  const { peer } = connection;
  const key = addressKey(peer);
  return {
    connection,
    descriptor,
    arrival: { peer, key, local },
    source: floor.counters.sourceOf(key),
    name: isLocalPeer(peer.bytes) ? NO_NAME : NAME_PENDING,
    ident: IDENT_PENDING,
    decision: DECISION_PENDING,
    certificate: tls?.certificate ?? CERTIFICATE_UNSEEN,
  };
}

function noteWait(floor: Floor, { connection, askedAtMs: sinceMs }: Guest): void {
  floor.timings.took('decision', { service: policyOf(floor, connection.service).name, sinceMs });
}

/** Facts, decision, and what follows: at once, or, when somebody must be asked first, later. False for later. */
export function receive(floor: Floor, guest: Guest, outcomes: Outcomes): boolean {
  const verdict = decide(guest, floor);
  if (verdict.kind !== 'undecided' && guest.askedAtMs !== undefined) noteWait(floor, guest);
  switch (verdict.kind) {
    case 'admitted':
      outcomes.admitted(guest, verdict);
      return true;
    case 'refused':
      outcomes.refused(guest, verdict);
      return true;
    case 'undecided':
      floor.questions.ask(floor.rules, {
        guest: { ...guest, askedAtMs: guest.askedAtMs ?? floor.timings.start() },
        need: verdict.need,
        answered: (informed) => receive(floor, informed, outcomes),
      });
      return false;
    default:
      return assertNever(verdict);
  }
}
