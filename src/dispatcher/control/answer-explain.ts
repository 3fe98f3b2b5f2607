import type { NameFact } from '../../admission/facts.ts';
import { SURE_ROLL } from '../../admission/sure-roll.ts';
import type { Call } from '../../control/call.ts';
import { type Explanation, explanationJson, renderExplanation } from '../../logging/render-explanation.ts';
import { addressKey, type Endpoint } from '../../model/address.ts';
import { quoteText } from '../../model/escape.ts';
import { firstListener } from '../../model/first-listener.ts';
import { isLocalPeer } from '../../model/local-peer.ts';
import { parseEndpoint } from '../../model/parse-endpoint.ts';
import { decide } from '../decide.ts';
import { policyOf } from '../floor.ts';
import type { Guest } from '../guest.ts';
import type { ControlParts } from './control-parts.ts';
import { findService } from './find-service.ts';
import { interfaceByNumber } from './interface-by-number.ts';

/** Of no connection. */
const NO_CONNECTION = -1;
const NO_NAME: NameFact = { kind: 'unknown', why: 'none' };

/** Undefined after the client was told that it is none. */
function endpointOf(
  text: string,
  { call, what }: { readonly call: Call<'explain'>; readonly what: string },
): Endpoint | undefined {
  const endpoint = parseEndpoint(text, interfaceByNumber);
  if (!('fault' in endpoint)) return endpoint;
  call.error('invalid-params', `Cannot use ${quoteText(text)} for "${what}": write ADDRESS or ADDRESS:PORT`);
  return undefined;
}

/** Somebody who might come. */
function guestOf(
  { floor }: ControlParts,
  { service, peer, local }: { readonly service: number; readonly peer: Endpoint; readonly local: Endpoint },
): Guest {
  const key = addressKey(peer);
  return {
    connection: { id: NO_CONNECTION, service, peer },
    ...{ descriptor: undefined, arrival: { peer, key, local }, source: floor().counters.sourceOf(key) },
    name: isLocalPeer(peer.bytes) ? NO_NAME : { kind: 'pending' },
    ...{ ident: { kind: 'pending' }, decision: { kind: 'pending' }, certificate: { kind: 'pending' } },
  };
}

/** By the same function as of those who do come, from what is counted at this moment. */
function explain({ floor, world }: ControlParts, guest: Guest): Explanation {
  const { rules, counters, bans, switches } = floor();
  const { service, peer } = guest.connection;
  const { nowMs, wallMs, load } = world;
  const sure = { nowMs, wallMs, load, roll: () => SURE_ROLL };
  const verdict = decide(guest, { rules, counters, bans, switches, world: sure });
  return { service: policyOf(floor(), service).name, peer, verdict };
}

function answer(call: Call<'explain'>, explanation: Explanation): void {
  const isAdmitted = explanation.verdict.kind === 'admitted';
  call.result({ isAdmitted, text: renderExplanation(explanation), json: explanationJson(explanation) });
}

/** What would become of a client that comes now. Its name is looked up if it matters; nobody else is asked about it. */
export function answerExplain(parts: ControlParts, call: Call<'explain'>): void {
  const { service: name, from, to } = call.params;
  const service = findService(parts.floor(), { name, action: 'explain', call });
  const peer = service === undefined ? undefined : endpointOf(from, { call, what: 'from' });
  if (service === undefined || !peer) return;
  const { listeners } = policyOf(parts.floor(), service);
  const local = to === undefined ? firstListener(listeners, peer) : endpointOf(to, { call, what: 'to' });
  if (!local) return;
  const guest = guestOf(parts, { service, peer, local });
  const explanation = explain(parts, guest);
  const { verdict } = explanation;
  if (verdict.kind !== 'undecided' || verdict.need !== 'name') answer(call, explanation);
  else
    parts.resolver.lookup({ address: peer.bytes, source: guest.source.join(' ') }, (known) =>
      answer(call, explain(parts, { ...guest, name: known })),
    );
}
