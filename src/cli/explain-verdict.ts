import { admit } from '../admission/admit.ts';
import { checksOf } from '../admission/checks-of.ts';
import type { Facts } from '../admission/facts.ts';
import { prepareService } from '../admission/prepared.ts';
import { SURE_ROLL } from '../admission/sure-roll.ts';
import type { Explanation } from '../logging/render-explanation.ts';
import { addressKey, formatAddress } from '../model/address.ts';
import type { Policy, ServicePolicy } from '../model/policy.ts';
import type { Verdict } from '../model/verdict.ts';
import { lookUpName } from '../resolver/lookup.ts';
import { nameServices } from '../resolver/name-services.ts';
import type { GivenFacts } from './explain-facts.ts';

function factsOf(given: GivenFacts): Facts {
  const { wallMs, load, running, sourceRunning, name, ident, decision, certificate } = given;
  return {
    ...{ nowMs: 0, wallMs, load, name, ident, decision, certificate, running, sourceRunning },
    roll: SURE_ROLL,
    isEnabled: true,
    ban: undefined,
    ...{ sourceArrival: 0, serviceArrival: 0, sourceProcesses: sourceRunning, processes: running },
  };
}

/** What the daemon would decide: by the same function, from facts that are given instead of gathered. */
export async function explainVerdict(
  policy: Policy,
  options: { readonly service: ServicePolicy; readonly given: GivenFacts },
): Promise<Explanation> {
  const { service, given } = options;
  const prepared = prepareService(service, policy.maxProcesses);
  const { peer, local } = given;
  const question = { service: prepared, arrival: { peer, key: addressKey(peer), local } };
  const decide = (facts: Facts): Verdict => admit(checksOf(prepared), { ...question, facts });
  const facts = factsOf(given);
  const verdict = decide(facts);
  if (verdict.kind !== 'undecided' || verdict.need !== 'name') {
    return { service: service.name, peer, verdict };
  }
  const name = await lookUpName(formatAddress(peer.bytes), nameServices);
  return { service: service.name, peer, verdict: decide({ ...facts, name }) };
}
