import { CHECK_NAMES, type CheckName } from '../model/check-name.ts';
import { type DeskKind, deskName } from '../model/desk.ts';
import { LONG_LIFE } from '../model/life-policy.ts';
import type { LimitPolicy } from '../model/limit-policy.ts';
import type { Listener, Service } from '../model/service.ts';

const REJECT: LimitPolicy = { kind: 'reject', text: undefined };

/** How many may be talked to at once has a limit of the desk's own. */
const ANY = { soft: 65_535, hard: 65_535, dropPercent: 0 };

/** A socket of zinetd's own, as a row of the launch table: nobody is launched there, and no check is asked. */
export function deskService(kind: DeskKind, listeners: readonly Listener[]): Service {
  return {
    ...{ name: deskName(kind), mode: 'inetd', isWaiting: false, desk: kind, builtin: undefined, mux: [] },
    ...{
      rpc: undefined,
      listeners,
      programs: [],
      access: undefined,
      redirect: undefined,
      banners: undefined,
    },
    life: LONG_LIFE,
    log: { destination: undefined, success: [], failure: [], address: { kind: 'keep' } },
    rules: {
      ...{
        hosts: undefined,
        sensor: undefined,
        times: undefined,
        maxLoad: undefined,
        ratePerSource: undefined,
      },
      ...{ perSource: undefined, cps: undefined, instances: ANY, decide: undefined, isIdOnly: false },
      penalties: undefined,
      policies: Object.fromEntries(CHECK_NAMES.map((name) => [name, REJECT])) as Record<
        CheckName,
        LimitPolicy
      >,
    },
  };
}
