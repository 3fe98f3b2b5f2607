import { admit } from '../admission/admit.ts';
import { certificateCheck } from '../admission/checks/certificate.ts';
import type { Facts } from '../admission/facts.ts';
import type { Verdict } from '../model/verdict.ts';
import type { Bans } from './bans.ts';
import type { Counters } from './counters.ts';
import type { Guest } from './guest.ts';
import { type Rules, rulesOf } from './rules.ts';
import type { Switches } from './switches.ts';
import type { World } from './world.ts';

/** What a decision looks at. */
export interface Records {
  readonly rules: Rules;
  readonly counters: Pick<Counters, 'facts'>;
  readonly bans: Pick<Bans, 'fact'>;
  readonly switches: Pick<Switches, 'isOn'>;
  readonly world: Pick<World, 'nowMs' | 'wallMs' | 'load' | 'roll'>;
}

/** Clock, load and counters, each read once. */
function gather(guest: Guest, { world, bans, counters, switches, rules }: Records): Facts {
  const nowMs = world.nowMs();
  const counted = counters.facts({ service: guest.connection.service, source: guest.source });
  return {
    nowMs,
    wallMs: world.wallMs(),
    load: world.load(),
    roll: world.roll(),
    isEnabled: switches.isOn(rulesOf(rules, guest.connection.service).service.policy.name),
    ban: bans.fact({ source: guest.source, peer: guest.connection.peer }, nowMs),
    name: guest.name,
    ident: guest.ident,
    decision: guest.decision,
    certificate: guest.certificate,
    // One by one: a spread would cost as much as all checks.
    sourceArrival: counted.sourceArrival,
    sourceRunning: counted.sourceRunning,
    sourceProcesses: counted.sourceProcesses,
    serviceArrival: counted.serviceArrival,
    running: counted.running,
    processes: counted.processes,
  };
}

/** Facts, then the decision. Changes nothing. */
export function decide(guest: Guest, records: Records): Verdict {
  const { service, checks } = rulesOf(records.rules, guest.connection.service);
  return admit(checks, { service, arrival: guest.arrival, facts: gather(guest, records) });
}

/** Of one who was admitted, once the handshake has brought to light who it is. */
export function decideByCertificate(guest: Guest, records: Records): Verdict {
  const { service } = rulesOf(records.rules, guest.connection.service);
  const checks = [certificateCheck].filter((check) => check.applies(service));
  return admit(checks, { service, arrival: guest.arrival, facts: gather(guest, records) });
}
